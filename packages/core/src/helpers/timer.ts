/** The longest wait that `setTimeout` takes; it turns a longer one into none at all. */
const longestMs = 2 ** 31 - 1;

/** `setTimeout` for any wait; `Infinity` is as good as never (24 days). */
export function startTimer(onElapsed: () => void, durationMs: number): NodeJS.Timeout {
  return setTimeout(onElapsed, Math.min(durationMs, longestMs));
}
