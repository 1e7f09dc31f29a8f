import { validateWorkflow } from '@action-validator/core';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

/*
 * Workflows are checked by the JSON schema of GitHub's workflows, which @action-validator/core holds. For issue forms no package holds
 * it: the schema below follows "Syntax for GitHub's form schema" of GitHub's documentation.
 */

const text = v.pipe(v.string(), v.nonEmpty());
const distinct = (item) =>
  v.pipe(
    v.array(item),
    v.nonEmpty(),
    v.check((items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length, 'has an item twice'),
  ); // prettier-ignore
const field = (type, attributes, { isAnswered = true } = {}) =>
  v.strictObject({
    type: v.literal(type),
    attributes: v.strictObject(attributes),
    ...(isAnswered && {
      id: v.optional(v.pipe(v.string(), v.regex(/^[\w-]+$/))),
      validations: v.optional(v.strictObject({ required: v.optional(v.boolean()) })),
    }),
  });
const labeled = { label: text, description: v.optional(v.string()) };
const written = { ...labeled, placeholder: v.optional(v.string()), value: v.optional(v.string()) };

const FIELDS = v.variant('type', [
  field('markdown', { value: text }, { isAnswered: false }),
  field('textarea', { ...written, render: v.optional(text) }),
  field('input', written),
  field('dropdown', {
    ...labeled,
    multiple: v.optional(v.boolean()),
    options: distinct(text),
    default: v.optional(v.number()),
  }),
  field('checkboxes', {
    ...labeled,
    options: distinct(v.strictObject({ label: text, required: v.optional(v.boolean()) })),
  }),
]);

const ISSUE_FORM = v.strictObject({
  name: text,
  description: text,
  title: v.optional(text),
  labels: v.optional(distinct(text)),
  assignees: v.optional(distinct(text)),
  projects: v.optional(distinct(text)),
  type: v.optional(text),
  body: v.pipe(
    v.array(FIELDS),
    v.check((fields) => fields.some(({ type }) => type !== 'markdown'), 'asks for nothing'),
    v.check((fields) => {
      const ids = fields.flatMap(({ id }) => id ?? []);
      return new Set(ids).size === ids.length;
    }, 'has an id twice'),
  ),
});

const CHOOSER = v.strictObject({
  blank_issues_enabled: v.optional(v.boolean()),
  contact_links: v.optional(
    v.array(v.strictObject({ name: text, url: v.pipe(v.string(), v.url()), about: text })),
  ),
});

/** Errors of the alternatives of a schema, of which each error of a workflow may have several, are inside it. */
const innerErrors = (error) => [
  error,
  ...(error.states ?? []).flatMap(({ errors }) => errors.flatMap(innerErrors)),
];

/** What is wrong with the text of a workflow, in sentences. */
export const workflowFaults = (source) =>
  validateWorkflow(source)
    .errors.flatMap(innerErrors)
    .map(({ title, detail, path }) => [path, title, detail].filter(Boolean).join(': '));

/** What is wrong with the text of an issue form or, with `isChooser`, of ISSUE_TEMPLATE/config.yml, in sentences. */
export function issueFormFaults(source, { isChooser = false } = {}) {
  let form;
  try {
    form = parse(source);
  } catch (error) {
    return [error.message];
  }
  const { issues = [] } = v.safeParse(isChooser ? CHOOSER : ISSUE_FORM, form);
  return issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(': '));
} // prettier-ignore

/** What is wrong with the workflows and issue forms of a repository, in sentences. */
export function githubFaults(root) {
  const filesOf = (folder) => {
    const path = join(root, '.github', folder);
    const names = existsSync(path) ? readdirSync(path).filter((name) => /\.ya?ml$/.test(name)) : [];
    return names.map((name) => ({ name, source: readFileSync(join(path, name), 'utf8') }));
  };
  return [
    ...filesOf('workflows').flatMap(({ name, source }) =>
      workflowFaults(source).map((fault) => `workflows/${name}: ${fault}`),
    ),
    ...filesOf('ISSUE_TEMPLATE').flatMap(({ name, source }) =>
      issueFormFaults(source, { isChooser: /^config\./.test(name) }).map((fault) => `ISSUE_TEMPLATE/${name}: ${fault}`),
    ),
  ];
} // prettier-ignore
