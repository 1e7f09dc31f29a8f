import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { createApp, h, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue';
import { featureMapsOf, historyOf, images } from './records.js';

/** A figure as a component: mounted once, updated in place when its records change. */
const Figure = {
  props: ['figure', 'records', 'options'],
  emits: ['select'],
  setup(props, { emit }) {
    const element = ref();
    let mounted;
    onMounted(() => {
      const { figure, records, options } = props;
      mounted = mount(element.value, {
        figure,
        records,
        options,
        onSelect: (mark) => emit('select', mark),
      });
    });
    watch([() => props.records, () => props.options], ([records, options]) =>
      mounted.update(records, options),
    );
    onBeforeUnmount(() => mounted.destroy());
    return () => h('div', { ref: element });
  },
};

export function start(page) {
  // Records are large plain data; a shallow reference does not make them reactive.
  const history = shallowRef(historyOf(1));
  const maps = shallowRef(featureMapsOf(0));
  const showMaps = ({ index }) => index !== undefined && (maps.value = featureMapsOf(index));
  const app = createApp(() => [
    h(Figure, { figure: trainingCurves, records: history.value }),
    h(Figure, { figure: imageGrid, records: images, onSelect: showMaps }),
    h(Figure, { figure: featureMapGrid, records: maps.value, options: { input: images } }),
  ]);
  app.mount(page);
  return { showEpochs: (epochs) => (history.value = historyOf(epochs)), stop: () => app.unmount() };
}
