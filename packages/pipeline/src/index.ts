export { datasetNames, loadDataset, type DatasetName, type LoadDatasetOptions } from './datasets.js';
export { defaultSettings, expectSettings, recipeOf, recipes, type RunSettings } from './settings.js';
export { bestOf, trainRun, type TrainOptions } from './train.js';
export {
  historyTable,
  names as runNames,
  readRun,
  type RunDescription,
  type RunSummary,
} from './run-folder.js';
export { layersToShow, type LayersToShow } from './layers-to-show.js';
export { chooseImages, type ChooseImagesOptions, type ChosenImage } from './choose-images.js';
export { enableWasmTraining } from './wasm-training.js';
