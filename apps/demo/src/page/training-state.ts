import { formatDuration, formatPercent, type EpochRecord } from '@convlens/core';
import type { TrainingProgress } from '@convlens/training-callbacks';

export interface TrainingState {
  readonly phase: 'loading' | 'idle' | 'training' | 'stopping';
  /** Of the whole run. */
  readonly history: readonly EpochRecord[];
  /** Of the current training, after its latest reported batch. */
  readonly progress?: TrainingProgress;
  /** Whether the last training was stopped before its last epoch was done. */
  readonly wasStopped: boolean;
}

/** A line for the page. */
export function describeState({ phase, history, progress, wasStopped }: TrainingState): string {
  if (phase === 'loading') return 'Getting ready…';
  if (phase === 'stopping') return 'Stopping…';
  if (phase === 'training') {
    if (!progress) return 'Generating images…';
    const { epoch, epochs, step, steps } = progress;
    return `Epoch ${epoch + 1} of ${epochs}, batch ${step} of ${steps}`;
  }
  if (wasStopped)
    return history.length
      ? `Stopped in epoch ${history.length + 1}. Continuing restarts this epoch.`
      : 'Stopped in the first epoch.';
  if (!history.length) return 'Not trained yet: predictions are random.';
  return `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'} done.`;
}

/** A line for screen readers: it changes with each epoch, not with each batch. */
export function announceState(state: TrainingState): string {
  const { phase, history } = state;
  const last = history.at(-1);
  if (phase !== 'training') return describeState(state);
  if (!last) return 'Training.';
  return `Epoch ${last.epoch + 1} done: validation accuracy ${formatPercent(last.valAccuracy!, 1)}.`;
}

/** The validation metrics of the last epoch; dashes before the first. */
export function latestMetrics({ history }: TrainingState): { accuracy: string; loss: string } {
  const last = history.at(-1);
  if (!last) return { accuracy: '–', loss: '–' };
  return { accuracy: formatPercent(last.valAccuracy!, 1), loss: last.valLoss!.toFixed(2) };
}

/** The estimated time until training is done, such as "12 s left"; empty if it is unknown. */
export function formatTimeLeft({ phase, progress }: TrainingState): string {
  const seconds = progress?.secondsLeft;
  if (phase !== 'training' || seconds === undefined) return '';
  return `${formatDuration(Math.ceil(seconds))} left`;
}
