export { linePlot, niceCeiling, type PlotMark, type Series, type TimeAxis } from './line-plot.ts'
export {
  kindsSection,
  reportPage,
  type Fact,
  type ReportPage,
  type ReportSection,
  type ReportTable,
} from './report-page.ts'
export { originFacts, targetText, type RunOrigin } from './run-origin.ts'
export { steadyFacts, steadyFailures } from './steady-facts.ts'
export { progressBar, RedrawnLines, viewRow, type ViewStream } from './terminal-view.ts'
