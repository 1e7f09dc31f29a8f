import { expectObject, expectList, findEntry, idsOf } from '@convlens/core';
import { projectA } from './a.js';
import { projectB } from './b.js';
import { projectC } from './c.js';
import { projectCifar10Fast } from './cifar10-fast.js';
import { projectD, projectDKerasCifar10Long } from './d.js';
import { projectE } from './e.js';
import type { Project } from './project.js';

/** The built-in projects. */
export const PROJECTS: readonly Project[] = [
  projectA,
  projectB,
  projectC,
  projectD,
  projectE,
  projectDKerasCifar10Long,
  projectCifar10Fast,
];

/** The projects, and each model of a project with several as a project of its own: "D-mnist-5x5". */
function selectableProjects(projects: readonly Project[]): Project[] {
  expectList('projects', projects, expectObject);
  return [
    ...projects,
    ...projects
      .filter(({ models }) => models.length > 1)
      .flatMap(({ title, models }) => models.map((model) => ({ id: model.recipe, title, models: [model] }))),
  ];
}

/**
 * The names that `findProject` accepts: the ids of the projects, and the recipes of the models of a project
 * with several.
 */
export const projectNames = (projects: readonly Project[] = PROJECTS): string[] =>
  idsOf(selectableProjects(projects));

/**
 * A project by its id, or one model of a project with several by its recipe.
 *
 * @throws InputError that lists the names if there is none.
 */
export const findProject = (name: string, projects: readonly Project[] = PROJECTS): Project =>
  findEntry('project', name, selectableProjects(projects));
