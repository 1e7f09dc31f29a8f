/** A word that is no longer used, and the term of docs/glossary.md that took its place. */
export interface RetiredWord {
  /** A whole word or phrase; a phrase may run on over a line. A RegExp finds several forms. */
  readonly word: string | RegExp;
  /**
   * `text`: in every file, in any case. `identifier`: only as a whole identifier in code, in this case, because it is an
   * ordinary English word as well. `path`: as the name of a file (without its ending) or of a folder.
   */
  readonly kind: 'text' | 'identifier' | 'path';
  /** What to write. */
  readonly use: string;
}

/** Keys of `randomAt` keep old words, because numbers depend on them. */
export const RETIRED: readonly RetiredWord[] = [
  // Data
  { word: 'middlePart', kind: 'text', use: 'centerCrop' },
  { word: 'middle part', kind: 'text', use: 'center crop' },
  { word: /fit: 'crop'/, kind: 'text', use: "fit: 'center-crop'" },
  { word: 'isUpright', kind: 'text', use: 'applyExifOrientation' },
  { word: 'pickedFiles', kind: 'text', use: 'fromFileList' },
  { word: 'picked-files', kind: 'path', use: 'from-file-list' },
  { word: 'openMembers', kind: 'text', use: 'openDatasetFiles' },
  { word: 'open-members', kind: 'path', use: 'open-dataset-files' },
  { word: 'Member', kind: 'identifier', use: 'DatasetFile' },
  { word: /^[Pp]ackagings?$/, kind: 'identifier', use: 'Distribution' },
  { word: /^(find-packaging|packagings)$/, kind: 'path', use: 'distribution' },
  { word: 'taken', kind: 'identifier', use: 'heldOut' },
  { word: 'AttemptError', kind: 'text', use: 'range request' },
  { word: 'attempt', kind: 'path', use: 'range-request' },
  { word: 'goOn', kind: 'identifier', use: 'isRetryable' },
  { word: 'ask', kind: 'identifier', use: 'requestRange, call' },
  { word: 'order', kind: 'path', use: 'shuffle' },
  { word: 'grouped', kind: 'identifier', use: 'formatInteger' },
  { word: /guarded(Png|Jpeg)/, kind: 'text', use: 'sanitizePng' },
  { word: /^(png|jpeg)-guard$/, kind: 'path', use: 'png-sanitizer' },
  { word: 'drawn shapes', kind: 'text', use: 'generated shapes' },

  // Augmentation
  {
    word: /^draw(?!n|ing|Image$)/,
    kind: 'identifier',
    use: 'sample (random), render (SVG), compute, generate',
  },
  { word: /^drawn/, kind: 'identifier', use: 'sampled, rendered, generated' },
  { word: /test-?time-?views?/, kind: 'text', use: 'testTimeAugmentation' },
  { word: 'test-time views', kind: 'text', use: 'test-time augmentation' },
  { word: /--average\b/, kind: 'text', use: '--tta' },

  // Models
  { word: /\bput(s|ting)? out\b/, kind: 'text', use: 'outputs' },
  { word: /\banswer(s|ed|ing)? to\b/, kind: 'text', use: 'activates on' },
  { word: /^answers?$/, kind: 'identifier', use: 'reduced, activation, output' },
  { word: /squash/, kind: 'text', use: 'softmax, output activation' },
  { word: 'what it is fed', kind: 'text', use: 'preprocessing, input diagnosis' },
  { word: /^borrow(Values)?$/, kind: 'identifier', use: 'readView, viewValues' },
  { word: 'Lender', kind: 'identifier', use: 'HasReadView' },
  { word: 'Subject', kind: 'identifier', use: 'ModelInput, OpenModel, MarkTarget' },
  { word: 'subject', kind: 'path', use: 'open-model' },

  // Training
  { word: 'Means', kind: 'identifier', use: 'RunningMeans' },
  { word: 'trainOn', kind: 'identifier', use: 'trainBatch' },
  { word: 'measureOn', kind: 'identifier', use: 'evaluateBatch' },
  { word: 'kept epoch', kind: 'text', use: 'best epoch' },
  { word: 'onRefused', kind: 'text', use: 'onCorruptCheckpoint' },
  { word: 'onNotice', kind: 'text', use: 'onWarning' },
  { word: 'how it moves', kind: 'text', use: 'learning-rate schedule' },
  { word: 'or how it falls', kind: 'text', use: 'reduce the rate on plateau' },
  { word: 'what a class counts', kind: 'text', use: 'loss weight per class' },

  // Statistics of activations
  { word: /nearest-?means/, kind: 'text', use: 'nearestClassMean' },
  { word: 'nearest means', kind: 'text', use: 'nearest class mean' },
  { word: /renamed-?accuracy/, kind: 'text', use: 'permutedAccuracy' },
  { word: 'renamed accuracy', kind: 'text', use: 'permuted accuracy' },
  { word: 'classes renamed', kind: 'text', use: 'permuted classes' },
  { word: 'betweenShare', kind: 'text', use: 'betweenFraction' },
  { word: /^shares?$/, kind: 'identifier', use: 'fraction, chunk' },
  { word: '<share>', kind: 'text', use: '<fraction>' },
  { word: 'share of zeros', kind: 'text', use: 'sparsity' },
  { word: /typical-?effect/, kind: 'text', use: 'rmsEffectSize' },
  { word: 'typical effect', kind: 'text', use: 'RMS effect size' },
  { word: 'placewise', kind: 'text', use: 'POINTWISE' },
  { word: 'Sought', kind: 'identifier', use: 'MaximumQuery' },
  { word: 'locatePeaks', kind: 'text', use: 'locateMaxima' },

  // Explanations
  { word: /attention-?section/, kind: 'text', use: 'attribution-section' },
  { word: 'where it looks', kind: 'text', use: 'attribution maps' },
  {
    word: /\b(speak|speaks|spoke|speaking) (for|against)\b/,
    kind: 'text',
    use: 'evidence for, attribution to',
  },
  { word: /\bdeserves? belief\b/, kind: 'text', use: 'faithfulness' },
  { word: /\bwho can be believed\b/, kind: 'text', use: 'faithfulness' },
  { word: 'map of belief', kind: 'text', use: 'heatmap' },
  { word: 'test of trust', kind: 'text', use: 'sanity check' },
  { word: /^trust/, kind: 'path', use: 'faithfulness' },
  { word: /^Trust/, kind: 'identifier', use: 'Faithfulness' },
  { word: /weigh(ed|ing)/, kind: 'text', use: 'weighted, weighting, weightedBy' },
  { word: /^(Aim|aim|aimAt)$/, kind: 'identifier', use: 'ResolvedTarget, resolveTarget' },
  {
    word: /^(Explained|Explanation)$/,
    kind: 'identifier',
    use: 'ExplainBatch, ExplainSession, ExplainResult',
  },

  // Feature visualization
  { word: 'optimizeImages', kind: 'text', use: 'visualizeFeatures' },
  { word: /^optimize(-images)?$/, kind: 'path', use: 'feature-visualization' },
  { word: /made-?images?/, kind: 'text', use: 'optimized image' },
  { word: /\bmade images?\b/, kind: 'text', use: 'optimized image' },
  { word: /exact-?inputs?\b/, kind: 'text', use: 'optimalStimulus' },
  { word: /\bexact inputs?\b/, kind: 'text', use: 'optimal stimulus' },
  { word: /\bclimb(s|ed|er|ing)?\b/, kind: 'text', use: 'gradient ascent, optimizer' },
  { word: 'Ascended', kind: 'identifier', use: 'AscentResult' },
  { word: 'openUnits', kind: 'text', use: 'redirectReluGradient' },

  // Figures and reports
  { word: 'layersToShow', kind: 'text', use: 'representativeLayers' },
  { word: 'layers-to-show', kind: 'path', use: 'representative-layers' },
  { word: /report-?materials|gather-?materials/, kind: 'text', use: 'ReportData, collectReportData' },
  { word: /\bcloseness\b/, kind: 'text', use: 'detail' },
  { word: /figure-?plan/, kind: 'text', use: 'FigureSpec' },

  // Programs and files
  { word: 'Claim', kind: 'identifier', use: 'ReportedResult' },
  { word: 'Look', kind: 'identifier', use: 'Analysis' },
  { word: 'differs', kind: 'identifier', use: 'differences' },
  { word: 'shown', kind: 'identifier', use: 'figures' },
  { word: /^(draw)?Sight$/, kind: 'identifier', use: 'Inspection' },
  { word: 'sayOfFiles', kind: 'text', use: 'showFileStatus' },
  { word: 'tellOfFile', kind: 'text', use: 'showFileStatus' },
  { word: 'record-said', kind: 'text', use: 'record-predictions' },
  { word: /"said":/, kind: 'text', use: '"predictions":' },

  // The SIMD backend
  { word: 'owed', kind: 'identifier', use: 'pendingChunk' },
  { word: 'NAP', kind: 'identifier', use: 'BACKOFF_MS' },
  { word: 'pieces', kind: 'identifier', use: 'chunks' },
  { word: 'spare', kind: 'identifier', use: 'freeRanges' },
  { word: 'turn', kind: 'identifier', use: 'flipKernel' },

  // Spelling: American, as in Keras and d3
  { word: /\bcolou(?=r)r/, kind: 'text', use: 'color' },
  { word: /\bcent(re|red|res)\b/, kind: 'text', use: 'center' },
  { word: /\bgreys?\b/, kind: 'text', use: 'gray' },
  { word: /\blabell(ed|ing)\b/, kind: 'text', use: 'labeled' },

  // Packages and functions
  { word: 'keras-import', kind: 'text', use: 'model-import' },
  { word: 'makeShapes', kind: 'text', use: 'generateShapes' },
  { word: 'importStateDict', kind: 'text', use: 'loadStateDict' },
  { word: 'gatherImages', kind: 'text', use: 'toImageSet' },
  { word: 'imageRecipes', kind: 'text', use: 'visualizationPresets' },
  { word: 'drawAttributions', kind: 'text', use: 'computeAttributions' },
  { word: 'readExactly', kind: 'text', use: 'ByteReader' },
  {
    word: /\b(one|two) an? (image|class|filter|epoch|layer|step|batch)\b/,
    kind: 'text',
    use: 'one per image',
  },

  // Names of locals: they say what they hold
  { word: 'given', kind: 'identifier', use: 'inputValues, options, ...' },
  { word: 'said', kind: 'identifier', use: 'summaryText, predictions, ...' },
  { word: 'seen', kind: 'identifier', use: 'what was seen' },
  { word: 'told', kind: 'identifier', use: 'what was reported' },
  { word: 'own', kind: 'identifier', use: 'ownLabel, ...' },
];
