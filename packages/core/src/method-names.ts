/** What methods of explanation are called in text, by the names that records carry. */
const METHOD_NAMES: Readonly<Record<string, string>> = {
  saliency: 'Saliency',
  'gradient-times-input': 'Gradient × input',
  'guided-backprop': 'Guided backprop',
  deconvnet: 'Deconvnet',
  'integrated-gradients': 'Integrated gradients',
  'smooth-grad': 'SmoothGrad',
  occlusion: 'Occlusion',
  'grad-cam': 'Grad-CAM',
  'grad-cam-plus-plus': 'Grad-CAM++',
  'layer-cam': 'Layer-CAM',
  'score-cam': 'Score-CAM',
  'guided-grad-cam': 'Guided Grad-CAM',
  'channel-maximum': 'Channel maximum',
};

/** The name of a method as papers write it: "Grad-CAM" for grad-cam. One that is not known here keeps its own. */
export const methodName = (method: string): string =>
  Object.hasOwn(METHOD_NAMES, method) ? METHOD_NAMES[method] : method;
