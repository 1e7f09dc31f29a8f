/**
 * The fields repository, homepage and bugs of the manifest of a package.
 *
 * @param url the address of the repository, such as https://example.org/convlens.git
 * @param directory the folder of the package in the repository
 */
function repositoryFields(url, directory) {
  const page = url.replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    repository: { type: 'git', url: `git+${page}.git`, directory },
    homepage: `${page}/tree/main/${directory}#readme`,
    bugs: `${page}/issues`,
  };
}

module.exports = { repositoryFields };
