/** The figures of a report, by the names of their files; CLASS and N stand for what was chosen. */
export const figureNames = [
  'training_curves',
  'augmentation_examples',
  'confusion_matrix',
  'selected_images',
  'class_probabilities_CLASS',
  'conv1_filter_kernels',
  'feature_maps_CLASS',
  'all_feature_maps_CLASS',
  'max_activating_filterN',
  'per_class_activation',
  'top20_activations',
  'grad_cam_CLASS',
] as const;
