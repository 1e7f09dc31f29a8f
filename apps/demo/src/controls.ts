import { find } from './dom.js';
import { lastEpoch, readSettings, type Settings } from './settings.js';
import { announceState, describeState, latestMeasures, timeLeft, type TrainingState } from './state.js';

export interface ControlsOptions {
  /** Asked to train; to go on with the run, or to begin another. */
  onTrain: (settings: Settings, goOn: boolean) => void;
  onStop: () => void;
}

/** The form with the settings, its buttons, and how far training has come. */
export function openControls({ onTrain, onStop }: ControlsOptions): { show(state: TrainingState): void } {
  const form = find<HTMLFormElement>('settings');
  const fields = find<HTMLFieldSetElement>('fields');
  const action = find<HTMLButtonElement>('action');
  const restart = find<HTMLButtonElement>('restart');
  const bar = find<HTMLProgressElement>('bar');
  let shown: TrainingState | undefined;

  const nameAction = () => {
    if (!shown) return;
    const { phase, history } = shown;
    if (phase === 'training' || phase === 'stopping') action.textContent = 'Stop';
    else if (!history.length) action.textContent = 'Start training';
    else action.textContent = `Go on to epoch ${lastEpoch(history.length, readSettings(form))}`;
  };
  form.addEventListener('change', nameAction);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (shown?.phase === 'training') onStop();
    else if (shown?.phase === 'idle') onTrain(readSettings(form), shown.history.length > 0);
  });
  restart.addEventListener('click', () => {
    onTrain(readSettings(form), false);
    // The button goes away; whoever uses the keyboard stays beside it.
    action.focus();
  });

  return {
    show(state) {
      shown = state;
      const { phase, progress, history } = state;
      const isIdle = phase === 'idle';
      fields.disabled = !isIdle;
      action.disabled = phase === 'loading';
      // Disabled, it would lose the focus.
      action.setAttribute('aria-disabled', String(phase === 'stopping'));
      action.classList.toggle('primary', isIdle || phase === 'loading');
      restart.hidden = !isIdle || history.length === 0;
      nameAction();
      find('status').textContent = describeState(state);
      find('left').textContent = timeLeft(state);
      bar.value = phase === 'training' && progress?.steps ? progress.step / progress.steps : 0;
      const { accuracy, loss } = latestMeasures(state);
      find('accuracy').textContent = accuracy;
      find('loss').textContent = loss;
      const said = announceState(state);
      const live = find('live');
      if (live.textContent !== said) live.textContent = said;
    },
  };
}
