import type { Path } from './text';

/**
 * Where the fields of a job stand in each kind of document: one table for each, read by the visual
 * form. What a table does not name is kept as it is and shown as "other keys".
 */
export type Dialect = 'native' | 'ai_platform' | 'openbayes' | 'azure_ml';

export type FieldKind = 'text' | 'long' | 'whole' | 'number' | 'choice' | 'flag' | 'words' | 'pairs';
export type SectionName = 'basics' | 'objective' | 'program' | 'algorithm' | 'stopping' | 'limits';

export interface Field {
  readonly label: FieldLabel;
  /** Where it may stand: the first place that holds a value, else the first. */
  readonly places: readonly Path[];
  readonly kind: FieldKind;
  readonly choices?: readonly string[];
}

export interface EntryField {
  readonly key: string;
  readonly kind: 'number' | 'choice' | 'values' | 'text';
  readonly choices?: readonly string[];
  /** What a new entry begins with. */
  readonly initial?: string | readonly string[];
}

/** A type of parameter, with the fields that it has. */
export interface EntryType {
  readonly type: string;
  readonly fields: readonly EntryField[];
}

export interface SpaceForm {
  /** Where the parameters stand: the first that is there, else the first. */
  readonly places: readonly Path[];
  /** A list of maps that hold their name under this key; without it a map of names. */
  readonly nameKey?: string;
  readonly typeKey: string;
  readonly types: readonly EntryType[];
  /** Whether a plain list of values is a parameter too. */
  readonly hasLists?: boolean;
}

export interface Form {
  readonly dialect: Dialect;
  readonly title: string;
  readonly sections: Readonly<Partial<Record<SectionName, readonly Field[]>>>;
  readonly space: SpaceForm;
}

export type FieldLabel =
  | 'name' | 'description' | 'command' | 'module' | 'metric' | 'goal' | 'sideMetrics' | 'algorithm' | 'rule' | 'delay'
  | 'interval' | 'slackFactor' | 'slackAmount' | 'truncation' | 'stopEarly' | 'trials' | 'parallel' | 'failed' | 'timeout'
  | 'trialTimeout' | 'target' | 'patience' | 'seed' | 'resume' | 'resource' | 'environment' | 'code' | 'constraints' | 'learnFrom'
  | 'objectives' | 'metricLimits';

function field(label: FieldLabel, kind: FieldKind, ...places: readonly Path[]): Field {
  return { label, kind, places };
}

function choice(label: FieldLabel, choices: readonly string[], ...places: readonly Path[]): Field {
  return { label, kind: 'choice', choices, places };
}

function number(key: string, initial?: string): EntryField {
  return { key, kind: 'number', ...(initial === undefined ? {} : { initial }) };
}

function numbers(key: string): EntryField {
  return { key, kind: 'values', initial: ['16', '32', '64'] };
}

function labels(key: string): EntryField {
  return { key, kind: 'values', initial: ['a', 'b'] };
}

const NATIVE_SCALE: EntryField = { key: 'scale', kind: 'choice', choices: ['linear', 'log', 'reverse_log'] };
const WHEN: EntryField = { key: 'when', kind: 'text' };

const NATIVE: Form = {
  dialect: 'native',
  title: 'Dowse',
  sections: {
    basics: [field('name', 'text', ['name']), field('description', 'text', ['description'])],
    objective: [
      field('metric', 'text', ['metric', 'name'], ['metric']),
      choice('goal', ['maximize', 'minimize'], ['metric', 'goal'], ['goal']),
      field('objectives', 'pairs', ['objectives']),
      field('metricLimits', 'words', ['metric_limits']),
      field('sideMetrics', 'words', ['side_metrics']),
    ],
    program: [field('command', 'long', ['command']), field('code', 'text', ['code', 'root'])],
    algorithm: [
      choice('algorithm', ['bayesian', 'auto', 'random', 'sobol', 'grid'], ['algorithm', 'name'], ['algorithm']),
      field('seed', 'whole', ['seed']),
      field('constraints', 'words', ['constraints']),
    ],
    stopping: [
      choice('rule', ['none', 'auto', 'median', 'bandit', 'truncation', 'asha', 'hyperband'], ['early_stopping', 'rule'], ['early_stopping']),
    ],
    limits: [
      field('trials', 'whole', ['limits', 'trials']),
      field('parallel', 'whole', ['limits', 'parallel']),
      field('failed', 'whole', ['limits', 'failed']),
      field('timeout', 'text', ['limits', 'timeout']),
      field('trialTimeout', 'text', ['limits', 'trial_timeout']),
      field('target', 'number', ['limits', 'target']),
      field('patience', 'whole', ['limits', 'patience']),
    ],
  },
  space: {
    places: [['parameters']],
    typeKey: 'type',
    hasLists: true,
    types: [
      { type: 'double', fields: [number('min', '0'), number('max', '1'), NATIVE_SCALE, WHEN] },
      { type: 'integer', fields: [number('min', '1'), number('max', '10'), NATIVE_SCALE, WHEN] },
      { type: 'discrete', fields: [numbers('values'), NATIVE_SCALE, WHEN] },
      { type: 'categorical', fields: [labels('values'), WHEN] },
      { type: 'uniform', fields: [number('min', '0'), number('max', '1'), WHEN] },
      { type: 'loguniform', fields: [number('min', '1e-4'), number('max', '1'), WHEN] },
      { type: 'quniform', fields: [number('min', '0'), number('max', '1'), number('q', '0.1'), WHEN] },
      { type: 'qloguniform', fields: [number('min', '1'), number('max', '100'), number('q', '1'), WHEN] },
      { type: 'normal', fields: [number('mu', '0'), number('sigma', '1'), WHEN] },
      { type: 'lognormal', fields: [number('mu', '0'), number('sigma', '1'), WHEN] },
      { type: 'randint', fields: [number('upper', '10'), WHEN] },
    ],
  },
};

/** A Google document holds the job, its training input, or the hyper-parameters alone. */
function google(...rest: Path): readonly Path[] {
  return [
    ['trainingInput', 'hyperparameters', ...rest],
    ['hyperparameters', ...rest],
    ...(rest.length === 0 ? [] : [[...rest]]),
  ];
}

function googleInput(key: string): readonly Path[] {
  return [['trainingInput', key], [key]];
}

const GOOGLE_SCALE: EntryField = {
  key: 'scaleType',
  kind: 'choice',
  choices: ['UNIT_LINEAR_SCALE', 'UNIT_LOG_SCALE', 'UNIT_REVERSE_LOG_SCALE'],
};

const AI_PLATFORM: Form = {
  dialect: 'ai_platform',
  title: 'Google AI Platform',
  sections: {
    basics: [field('name', 'text', ['jobId'])],
    objective: [
      field('metric', 'text', ...google('hyperparameterMetricTag')),
      choice('goal', ['MAXIMIZE', 'MINIMIZE'], ...google('goal')),
    ],
    program: [field('module', 'text', ...googleInput('pythonModule'))],
    algorithm: [choice('algorithm', ['ALGORITHM_UNSPECIFIED', 'GRID_SEARCH', 'RANDOM_SEARCH'], ...google('algorithm'))],
    stopping: [field('stopEarly', 'flag', ...google('enableTrialEarlyStopping'))],
    limits: [
      field('trials', 'whole', ...google('maxTrials')),
      field('parallel', 'whole', ...google('maxParallelTrials')),
      field('failed', 'whole', ...google('maxFailedTrials')),
      field('resume', 'text', ...google('resumePreviousJobId')),
    ],
  },
  space: {
    places: google('params').slice(0, 2),
    nameKey: 'parameterName',
    typeKey: 'type',
    types: [
      { type: 'DOUBLE', fields: [number('minValue', '0'), number('maxValue', '1'), GOOGLE_SCALE] },
      { type: 'INTEGER', fields: [number('minValue', '1'), number('maxValue', '10'), GOOGLE_SCALE] },
      { type: 'DISCRETE', fields: [numbers('discreteValues')] },
      { type: 'CATEGORICAL', fields: [labels('categoricalValues')] },
    ],
  },
};

const OPENBAYES_SCALE: EntryField = { ...GOOGLE_SCALE, key: 'scale_type' };

const OPENBAYES: Form = {
  dialect: 'openbayes',
  title: 'OpenBayes',
  sections: {
    objective: [
      field('metric', 'text', ['hyper_tuning', 'hyperparameter_metric']),
      choice('goal', ['MAXIMIZE', 'MINIMIZE'], ['hyper_tuning', 'goal']),
      field('sideMetrics', 'words', ['hyper_tuning', 'side_metrics']),
    ],
    program: [
      field('command', 'long', ['command']),
      field('resource', 'text', ['resource']),
      field('environment', 'text', ['env']),
    ],
    algorithm: [choice('algorithm', ['Bayesian', 'Random', 'Grid'], ['hyper_tuning', 'algorithm'])],
    limits: [
      field('trials', 'whole', ['hyper_tuning', 'max_job_count']),
      field('parallel', 'whole', ['hyper_tuning', 'parallel_count']),
    ],
  },
  space: {
    places: [['hyper_tuning', 'parameter_specs']],
    nameKey: 'name',
    typeKey: 'type',
    types: [
      { type: 'DOUBLE', fields: [number('min_value', '0'), number('max_value', '1'), OPENBAYES_SCALE] },
      { type: 'INTEGER', fields: [number('min_value', '1'), number('max_value', '10'), OPENBAYES_SCALE] },
      { type: 'DISCRETE', fields: [numbers('discrete_values')] },
      { type: 'CATEGORICAL', fields: [labels('categorical_values')] },
    ],
  },
};

const AZURE_BOUNDS = [number('min_value', '0'), number('max_value', '1')];

const AZURE_ML: Form = {
  dialect: 'azure_ml',
  title: 'Azure ML',
  sections: {
    basics: [field('name', 'text', ['name'], ['display_name']), field('description', 'text', ['description'])],
    objective: [
      field('metric', 'text', ['objective', 'primary_metric']),
      choice('goal', ['maximize', 'minimize'], ['objective', 'goal']),
    ],
    program: [
      field('command', 'long', ['trial', 'command']),
      field('code', 'text', ['trial', 'code']),
      field('environment', 'text', ['trial', 'environment']),
    ],
    algorithm: [choice('algorithm', ['bayesian', 'random', 'grid'], ['sampling_algorithm', 'type'], ['sampling_algorithm'])],
    stopping: [
      choice('rule', ['bandit', 'median_stopping', 'truncation_selection'], ['early_termination', 'type']),
      field('interval', 'whole', ['early_termination', 'evaluation_interval']),
      field('delay', 'whole', ['early_termination', 'delay_evaluation']),
      field('slackFactor', 'number', ['early_termination', 'slack_factor']),
      field('slackAmount', 'number', ['early_termination', 'slack_amount']),
      field('truncation', 'number', ['early_termination', 'truncation_percentage']),
    ],
    limits: [
      field('trials', 'whole', ['limits', 'max_total_trials']),
      field('parallel', 'whole', ['limits', 'max_concurrent_trials']),
      field('timeout', 'whole', ['limits', 'timeout']),
      field('trialTimeout', 'whole', ['limits', 'trial_timeout']),
    ],
  },
  space: {
    places: [['search_space']],
    typeKey: 'type',
    types: [
      { type: 'choice', fields: [labels('values')] },
      { type: 'uniform', fields: AZURE_BOUNDS },
      { type: 'loguniform', fields: [number('min_value', '-7'), number('max_value', '0')] },
      { type: 'quniform', fields: [...AZURE_BOUNDS, number('q', '0.1')] },
      { type: 'qloguniform', fields: [number('min_value', '0'), number('max_value', '5'), number('q', '1')] },
      { type: 'normal', fields: [number('mu', '0'), number('sigma', '1')] },
      { type: 'lognormal', fields: [number('mu', '0'), number('sigma', '1')] },
      { type: 'qnormal', fields: [number('mu', '0'), number('sigma', '1'), number('q', '0.1')] },
      { type: 'qlognormal', fields: [number('mu', '0'), number('sigma', '1'), number('q', '1')] },
      { type: 'randint', fields: [number('upper', '10')] },
    ],
  },
};

export const FORMS: Readonly<Record<Dialect, Form>> = {
  native: NATIVE,
  ai_platform: AI_PLATFORM,
  openbayes: OPENBAYES,
  azure_ml: AZURE_ML,
};

/** The kind of a document by the keys that only one has; our own where none is there. */
export function dialectOf(keys: readonly string[]): Dialect {
  const has = (...names: readonly string[]) => names.some((name) => keys.includes(name));
  if (has('hyper_tuning')) return 'openbayes';
  if (has('trainingInput', 'hyperparameters')) return 'ai_platform';
  if (has('search_space', 'sampling_algorithm', 'trial')) return 'azure_ml';
  return 'native';
}
