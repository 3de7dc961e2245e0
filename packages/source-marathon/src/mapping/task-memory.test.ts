import { describe, expect, it } from 'vitest';
import { parseTask } from './parse-task.ts';
import { TaskLedger } from './task-memory.ts';

const running = parseTask({ id: 'a', state: 'TASK_RUNNING' });

describe('what to believe about a task', () => {
  it('is the event, over an answer that was asked for before it or shortly after', () => {
    const ledger = new TaskLedger();
    ledger.noteEvent('a', 'TASK_KILLED', '2', 10_000);
    for (const requestedAtMs of [9_000, 10_001, 69_999]) {
      ledger.noteAnswer(new Map([['a', running]]), requestedAtMs);
      expect(ledger.stateOf(running)).toBe('TASK_KILLED');
    }
    ledger.noteAnswer(new Map([['a', running]]), 70_000);
    expect(ledger.stateOf(running)).toBe('TASK_RUNNING');
  });

  it('is the answer again sooner, for a state that may be left', () => {
    const ledger = new TaskLedger();
    ledger.noteEvent('a', 'TASK_UNREACHABLE', '2', 10_000);
    ledger.noteAnswer(new Map([['a', running]]), 14_999);
    expect(ledger.stateOf(running)).toBe('TASK_UNREACHABLE');
    ledger.noteAnswer(new Map([['a', running]]), 15_000);
    expect(ledger.stateOf(running)).toBe('TASK_RUNNING');
  });

  it('is the newer of two events, whatever their order of arrival', () => {
    const ledger = new TaskLedger();
    expect(ledger.noteEvent('a', 'TASK_KILLED', '2', 0)).toBe(true);
    expect(ledger.noteEvent('a', 'TASK_RUNNING', '1', 0)).toBe(false);
    expect(ledger.stateOf(running)).toBe('TASK_KILLED');
    expect(ledger.noteEvent('a', 'TASK_RUNNING', '3', 0)).toBe(true);
    expect(ledger.stateOf(running)).toBe('TASK_RUNNING');
  });

  it('is never RUNNING by an event alone', () => {
    const ledger = new TaskLedger();
    ledger.noteEvent('a', 'TASK_RUNNING', '1', 0);
    expect(ledger.stateOf({ ...running, state: 'TASK_STAGING' })).toBe('TASK_STAGING');
  });

  it('forgets verdicts of tasks that are gone, and ended tasks only after a while', () => {
    const ledger = new TaskLedger();
    ledger.judge(running, 'unhealthy');
    ledger.noteEvent('a', 'TASK_KILLED', '1', 0);
    expect(ledger.judge(running, 'unknown')).toBe('unhealthy');
    ledger.forget('a');
    expect(ledger.judge(running, 'unknown')).toBeUndefined();
    ledger.forgetOldEvents(() => true, 1_000_000);
    ledger.forgetOldEvents(() => false, 600_000);
    expect(ledger.stateOf(running)).toBe('TASK_KILLED');
    ledger.forgetOldEvents(() => false, 600_001);
    expect(ledger.stateOf(running)).toBe('TASK_RUNNING');
  });
});
