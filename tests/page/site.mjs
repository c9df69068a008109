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

/** Offsets in bytes of UTF-8 to offsets in a string's units. */
function units(text) {
  const at = [];
  let unit = 0;
  for (const sign of text) {
    for (let b = Buffer.byteLength(sign); b > 0; b--) at.push(unit);
    unit += sign.length;
  }
  at.push(unit);
  return at;
}

/** Narrates an article into `to` as NAME.json with its sound; what article.json holds, as assets/player/README.md says. */
export function narrateInto(article, to, name, options = []) {
  fs.mkdirSync(to, {recursive: true});
  const marks = path.join(to, `${name}.marks`), sound = path.join(to, `${name}.opus`);
  run(article, '--overwrite', '-o', sound, '--marks', marks, ...options);
  const text = run('read', '--json', article).toString(), document = JSON.parse(text);
  const bytes = [], lines = fs.readFileSync(marks, 'utf8').trim().split('\n').map(line => JSON.parse(line));
  fs.rmSync(marks);
  const sentences = [];
  for (const mark of lines) {
    if (mark.type === 'sentence') {
      const block = Math.max(0, document.blocks.findIndex(b => b.start <= mark.start && mark.start < b.end));
      sentences.push({block, start: mark.time, end: 0, text: mark.value, words: [], from: mark.start, at: units(mark.value)});
      continue;
    }
    const s = sentences[sentences.length - 1], from = s.at[mark.start - s.from], until = s.at[mark.end - s.from], n = s.words.length;
    if (n && s.words[n - 4] === from && s.words[n - 3] === until) continue;
    if (n) s.words[n - 1] = mark.time;
    s.words.push(from, until, mark.time, mark.time + 400);
  }
  sentences.forEach((s, i) => {
    s.end = sentences[i + 1]?.start ?? s.words[s.words.length - 1];
    if (s.words.length) s.words[s.words.length - 1] = Math.min(s.words[s.words.length - 2] + 700, s.end);
  });
  const chapters = sentences.filter((s, i) => document.blocks[s.block].kind === 'heading' || !i)
    .map(s => ({start: s.start / 1000, title: s.text}));
  const json = {
    narrate: 1, title: document.title, author: document.author, date: document.date_iso, language: document.language, direction: 'ltr',
    url: document.url, publisher: document.publisher, description: document.description,
    duration: sentences[sentences.length - 1].end / 1000,
    audio: [{src: `${name}.opus`, type: 'audio/ogg; codecs=opus', bytes: fs.statSync(sound).size}],
    transcript: `${name}.txt`, chapters,
    blocks: document.blocks.map(b => ({kind: b.kind, level: b.level})),
    sentences: sentences.map(({from, at, ...s}) => s),
  };
  fs.writeFileSync(path.join(to, `${name}.txt`), document.blocks.map(b => b.text).join('\n\n'));
  fs.writeFileSync(path.join(to, `${name}.json`), JSON.stringify(json));
  return json;
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
