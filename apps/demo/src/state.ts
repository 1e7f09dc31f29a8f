import type { EpochRecord } from '@convlens/core';
import type { TrainingProgress } from '@convlens/training-callbacks';

/** How training stands, as the page knows it. */
export interface TrainingState {
  readonly phase: 'loading' | 'idle' | 'training' | 'stopping';
  /** Of the run so far. */
  readonly history: readonly EpochRecord[];
  /** Of the batch that was reported last, in this training. */
  readonly progress?: TrainingProgress;
  /** Whether the last training was stopped before all its epochs were done. */
  readonly isStopped: boolean;
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/** What the page says of it, in a line. */
export function describeState({ phase, history, progress, isStopped }: TrainingState): string {
  if (phase === 'loading') return 'Getting ready…';
  if (phase === 'stopping') return 'Stopping…';
  if (phase === 'training') {
    if (!progress) return 'Drawing images…';
    const { epoch, epochs, step, steps } = progress;
    return `Epoch ${epoch + 1} of ${epochs}, batch ${step} of ${steps}`;
  }
  if (isStopped)
    return history.length
      ? `Stopped in epoch ${history.length + 1}. Going on begins it again.`
      : 'Stopped in the first epoch.';
  if (!history.length) return 'It has learned nothing yet: it guesses.';
  return `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'} done.`;
}

/** What is worth saying aloud: not every batch. */
export function announceState(state: TrainingState): string {
  const { phase, history } = state;
  const last = history.at(-1);
  if (phase !== 'training' || !last) return phase === 'training' ? 'Training.' : describeState(state);
  return `Epoch ${last.epoch + 1} done: ${percent(last.valAccuracy!)} of new images right.`;
}

/** The latest measures on images that it does not train on. */
export function latestMeasures({ history }: TrainingState): { accuracy: string; loss: string } {
  const last = history.at(-1);
  return { accuracy: last ? percent(last.valAccuracy!) : '–', loss: last ? last.valLoss!.toFixed(2) : '–' };
}

/** How long it still takes, in words. */
export function timeLeft({ phase, progress }: TrainingState): string {
  const seconds = progress?.secondsLeft;
  if (phase !== 'training' || seconds === undefined) return '';
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s left` : `${Math.round(whole / 60)} min left`;
}
