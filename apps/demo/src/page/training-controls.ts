import { targetEpoch, type TrainingSettings } from '../shared/training-settings.js';
import { getById } from './dom.js';
import { readSettings } from './settings-form.js';
import {
  announceState,
  describeState,
  formatTimeLeft,
  latestMetrics,
  type TrainingState,
} from './training-state.js';

export interface TrainingControlsOptions {
  /** @param resume whether to continue the run; else a new run starts. */
  onTrain: (settings: TrainingSettings, resume: boolean) => void;
  onStop: () => void;
}

export interface TrainingControls {
  show(state: TrainingState): void;
}

/** The settings, the buttons and the progress of training. */
export function createTrainingControls({ onTrain, onStop }: TrainingControlsOptions): TrainingControls {
  const form = getById<HTMLFormElement>('settings');
  const fields = getById<HTMLFieldSetElement>('fields');
  const action = getById<HTMLButtonElement>('action');
  const restart = getById<HTMLButtonElement>('restart');
  let shownState: TrainingState | undefined;

  const updateActionLabel = () => {
    if (shownState) action.textContent = actionLabel(shownState, readSettings(form));
  };
  form.addEventListener('change', updateActionLabel);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (shownState?.phase === 'training') onStop();
    else if (shownState?.phase === 'idle') onTrain(readSettings(form), shownState.history.length > 0);
  });
  restart.addEventListener('click', () => {
    onTrain(readSettings(form), false);
    // This button is hidden now; the keyboard focus stays close to it.
    action.focus();
  });

  return {
    show(state) {
      shownState = state;
      const { phase, history } = state;
      const isIdle = phase === 'idle';
      fields.disabled = !isIdle;
      action.disabled = phase === 'loading';
      // A disabled button would lose the focus.
      action.setAttribute('aria-disabled', String(phase === 'stopping'));
      action.classList.toggle('primary', isIdle || phase === 'loading');
      restart.hidden = !isIdle || history.length === 0;
      updateActionLabel();
      showProgress(state);
    },
  };
}

function actionLabel({ phase, history }: TrainingState, settings: TrainingSettings): string {
  if (phase === 'training' || phase === 'stopping') return 'Stop';
  if (!history.length) return 'Start training';
  return `Continue to epoch ${targetEpoch(history.length, settings)}`;
}

function showProgress(state: TrainingState): void {
  const { phase, progress } = state;
  getById('status').textContent = describeState(state);
  getById('time-left').textContent = formatTimeLeft(state);
  getById<HTMLProgressElement>('bar').value =
    phase === 'training' && progress?.steps ? progress.step / progress.steps : 0;
  const { accuracy, loss } = latestMetrics(state);
  getById('accuracy').textContent = accuracy;
  getById('loss').textContent = loss;
  const announcement = announceState(state);
  const live = getById('announcement');
  // Screen readers would read the same text again.
  if (live.textContent !== announcement) live.textContent = announcement;
}
