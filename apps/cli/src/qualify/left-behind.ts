/** What a run must not leave behind, also where it is ended in the middle: agents and folders. */
const undone = new Set<() => void>()

/**
 * Undoes something when the process ends before it is taken back.
 *
 * @returns takes it back
 */
export function undoAtExit(undo: () => void): () => void {
  if (undone.size === 0) process.once('exit', undoAll)
  undone.add(undo)
  return () => {
    undone.delete(undo)
    if (undone.size === 0) process.off('exit', undoAll)
  }
}

function undoAll(): void {
  for (const undo of undone) undo()
}
