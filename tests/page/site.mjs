// A folder served on loopback, with ranges and a strict Content-Security-Policy; and articles narrated into it.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

export const NARRATE = process.env.NARRATE, ASSETS = process.env.NR_ASSETS;
export const POLICY = "default-src 'self'";
const TYPES = {html: 'text/html; charset=utf-8', js: 'text/javascript', json: 'application/json', css: 'text/css', svg: 'image/svg+xml', mp3: 'audio/mpeg',
  opus: 'audio/ogg', txt: 'text/plain; charset=utf-8', vtt: 'text/vtt', wav: 'audio/wav'};

/** A new folder that is removed when the tests end. */
export function folder() {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'narrate-page-'));
  process.on('exit', () => fs.rmSync(made, {recursive: true, force: true}));
  return made;
}

/** Serves a folder; {url, asked: paths asked for, close()}. Headers of a file may be changed by `headers(path)`. */
export async function serve(root, headers = () => ({'Content-Security-Policy': POLICY})) {
  const asked = [];
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    asked.push(name);
    const file = path.join(root, path.normalize(name));
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) { response.writeHead(404).end(); return; }
    const size = fs.statSync(file).size, range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range || '');
    const from = range ? Number(range[1]) : 0, to = range && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    response.writeHead(range ? 206 : 200, {
      'Content-Type': TYPES[path.extname(file).slice(1)] || 'application/octet-stream', 'Accept-Ranges': 'bytes',
      'Content-Length': to - from + 1, ...(range && {'Content-Range': `bytes ${from}-${to}/${size}`}), ...headers(name),
    });
    fs.createReadStream(file, {start: from, end: to}).pipe(response);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {url: `http://127.0.0.1:${server.address().port}`, asked, close: () => server.close()};
}

const run = (...args) => execFileSync(NARRATE, args, {stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28,
  env: {...process.env, XDG_STATE_HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent'}});

/** Makes pages by `narrate page`, into a folder. */
export function makePages(to, ...args) {
  run('page', ...args, '-o', to, '--overwrite');
}

/** Narrates an article into the folder `to` as NAME.json, its sound and the rest in NAME/; what NAME.json holds. */
export function narrateInto(article, to, name) {
  const made = path.join(to, name), json = path.join(made, 'article.json');
  fs.rmSync(made, {recursive: true, force: true});
  makePages(made, article);
  const data = JSON.parse(fs.readFileSync(json, 'utf8')), inside = address => address && `${name}/${address}`;
  for (const file of data.audio) file.src = inside(file.src);
  for (const key of ['captions', 'transcript', 'chapters_file']) data[key] = inside(data[key]);
  delete data.feed;
  fs.writeFileSync(path.join(to, `${name}.json`), JSON.stringify(data));
  return data;
}

/** Puts the player into a folder. */
export function putPlayer(to) {
  fs.copyFileSync(path.join(ASSETS, 'player/narrate-player.js'), path.join(to, 'narrate-player.js'));
}

/** A publisher's page with the player in it: `html` as it is, the script in its head and the element where ${mark} stands. */
export function embed(html, element, mark) {
  const scripted = html.includes('</head>') ? html.replace('</head>', '<script type="module" src="/narrate-player.js"></script></head>')
    : `<script type="module" src="/narrate-player.js"></script>${html}`;
  const at = scripted.indexOf(mark);
  return at < 0 ? scripted + element : scripted.slice(0, at) + element + scripted.slice(at);
}
