/** The text editor Ace, loaded when first shown: without styles of its own making, as the page's policy wants. */
import ace from 'ace-builds'
import 'ace-builds/css/ace.css'
import 'ace-builds/css/theme/cloud_editor.css'
import 'ace-builds/css/theme/cloud_editor_dark.css'
import 'ace-builds/src-noconflict/ext-language_tools'
import 'ace-builds/src-noconflict/mode-json'
import 'ace-builds/src-noconflict/theme-cloud_editor'
import 'ace-builds/src-noconflict/theme-cloud_editor_dark'
import jsonWorkerUrl from 'ace-builds/src-noconflict/worker-json?url'

ace.config.set('useStrictCSP', true)
// A line at the eightieth column, which nobody's document has to keep to.
ace.config.setDefaultValue('renderer', 'showPrintMargin', false)
ace.config.setModuleUrl('ace/mode/json_worker', new URL(jsonWorkerUrl, location.href).href)

/** Ace with JSON and Cloudscape's two themes. */
export const editor: typeof ace = ace
