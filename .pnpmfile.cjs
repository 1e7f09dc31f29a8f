const { relative, sep } = require('node:path');
const { repositoryFields } = require('./scripts/release/repository-fields.cjs');

/** Where a package is packed, its manifest gets the address of the repository, which stands in the root alone. */
function beforePacking(manifest, folder) {
  const { url } = require('./package.json').repository;
  if (url) Object.assign(manifest, repositoryFields(url, relative(__dirname, folder).split(sep).join('/')));
  return manifest;
}

module.exports = { hooks: { beforePacking } };
