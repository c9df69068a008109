// Installs what the page tests need of npm, as package-lock.json says, into a folder of the build.
// usage: node install.mjs FOLDER
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname), folder = process.argv[2];
const files = ['package.json', 'package-lock.json'], wanted = files.map(f => fs.readFileSync(path.join(here, f), 'utf8')).join('');
const stamp = path.join(folder, 'node_modules/.installed');
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== wanted) {
  fs.mkdirSync(folder, {recursive: true});
  for (const f of files) fs.copyFileSync(path.join(here, f), path.join(folder, f));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {cwd: folder, stdio: 'inherit'});
  fs.writeFileSync(stamp, wanted);
}
for (const program of ['chromium', process.env.NARRATE].filter(Boolean)) {
  try {
    execFileSync(program, ['--version'], {stdio: 'ignore'});
  } catch (error) {
    console.error(`the page tests need '${program}': ${error.message} (Debian's package chromium; .ci/install test)`);
    process.exit(1);
  }
}
