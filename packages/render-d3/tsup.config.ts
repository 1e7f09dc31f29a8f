import { library } from '../../tsup.base.ts';

export default library(['src/index.ts', 'src/figures.ts', 'src/node.ts', 'src/report.ts']);
