// The player, measured in Debian's Chromium.
//
// usage: node tests/bench/page.mjs NARRATE [sizes] [accuracy] [long] [embed FOLDER [N]] [axe] [shots FOLDER]
//
// sizes     the player's script, as it is and with gzip
// accuracy  the lit word against the marks at 50 sampled times at each of four speeds
// long      an article of 10,000 words: time until it can be used and is found, and tasks of more than 50 ms
// embed     N pages (20) of a folder of saved *.html or *.html.gz: narrated words that are found in the page's own text,
//           and whether the page is the same, byte for byte, after playback as without the player
// axe       complaints of axe-core, in light, dark and forced colours
// shots     pictures of the player into a folder, to be looked at
//
// It runs npm's packages from NARRATE's build folder, into which the test page_install puts them.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const here = path.dirname(new URL(import.meta.url).pathname), tests = path.join(here, '../page');
const [narrate, ...wanted] = process.argv.slice(2);
if (!narrate) {
  console.error('usage: node tests/bench/page.mjs NARRATE [sizes] [accuracy] [long] [embed FOLDER [N]] [axe] [shots FOLDER]');
  process.exit(2);
}
const build = path.resolve(path.dirname(narrate), '../..');
Object.assign(process.env, {NARRATE: path.resolve(narrate), NR_ASSETS: path.join(here, '../../assets'),
  NR_NODE_FOLDER: path.join(build, 'tests/page')});
execFileSync('node', [path.join(tests, 'install.mjs'), process.env.NR_NODE_FOLDER], {stdio: 'inherit'});
const {embed, folder, narrateInto, putPlayer, serve, ASSETS} = await import('../page/site.mjs');
const {found, open, until, visit} = await import('../page/browser.mjs');
const all = !wanted.length, does = name => all || wanted.includes(name);
const SCRIPT = '<script type="module" src="/narrate-player.js"></script>';
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** A plain page with the player and a text, served. */
async function plain(text, name = 'one') {
  const root = folder(), file = path.join(root, 'text.txt');
  fs.writeFileSync(file, text);
  const article = narrateInto(file, root, name);
  putPlayer(root);
  const safe = s => s.replace(/[&<]/g, c => ({'&': '&amp;', '<': '&lt;'})[c]);
  fs.writeFileSync(path.join(root, 'page.html'), `<!DOCTYPE html><html lang="en"><title>x</title><link rel="icon" href="/text.txt">${SCRIPT}<main>`
    + `<narrate-player src="/${name}.json"></narrate-player>${text.split(/\n\n+/).map(p => `<p>${safe(p)}</p>`).join('\n')}</main>`);
  return {article, site: await serve(root)};
}
const bundled = () => ['harbour.txt', 'moths.html', 'tea.md'].map(name =>
  execFileSync(process.env.NARRATE, ['read', '--body', path.join(ASSETS, 'articles', name)]).toString());

function sizes() {
  const script = fs.readFileSync(path.join(ASSETS, 'player/narrate-player.js'));
  console.log(`narrate-player.js: ${script.length} bytes, ${zlib.gzipSync(script, {level: 9}).length} with gzip, `
    + `${zlib.brotliCompressSync(script).length} with brotli`);
}

async function accuracy() {
  const {article, site} = await plain(bundled()[0].split('\n').slice(0, 12).join('\n\n')), browser = await open();
  const {page} = await visit(browser, `${site.url}/page.html`);
  await found(page);
  const spoken = article.sentences.flatMap(s => Array.from({length: s.words.length / 4}, (_, i) => s.words.slice(4 * i, 4 * i + 4))
    .map(([from, to, start, end]) => ({text: s.text.slice(from, to), start, end})));
  console.log('speed  samples  lit  off by more than 60 ms  median ms  worst ms');
  for (const rate of [0.5, 1, 2, 3]) {
    const samples = await page.evaluate(async r => {
      const p = document.querySelector('narrate-player'), taken = [];
      p.rate = r;
      p.seek(3);
      await p.play();
      await new Promise(done => setTimeout(done, 500));
      for (let i = 0; i < 50; i++) {
        await new Promise(done => setTimeout(done, 40 + (i * 37) % 110));
        if (p.currentTime > p.duration - 4) p.seek(3 + i / 7);
        taken.push([p.currentTime * 1000, [...CSS.highlights.get('narrate-word')].map(String)[0] ?? null]);
      }
      p.pause();
      return taken;
    }, rate);
    /* How long ago, or how soon, what is lit would have been right. */
    const error = ([t, word]) => {
      if (word !== null) {
        return Math.min(...spoken.filter(w => w.text === word).map(w => Math.max(0, w.start - t, t - w.end))) / rate;
      }
      const inside = spoken.find(w => w.start <= t && t < w.end);
      return inside ? Math.min(t - inside.start, inside.end - t) / rate : 0;
    };
    const errors = samples.map(error), lit = samples.filter(s => s[1] !== null).length;
    console.log(`${String(rate).padEnd(5)}  ${String(samples.length).padEnd(7)}  ${String(lit).padEnd(3)}  `
      + `${String(errors.filter(e => e > 60).length).padEnd(22)}  ${median(errors).toFixed(1).padEnd(9)}  ${Math.max(...errors).toFixed(1)}`);
  }
  await browser.close();
  site.close();
}

async function long() {
  const words = bundled().join('\n\n').split(/\s+/), paragraphs = [];
  /* Not the same paragraphs over and over: the words of three articles, begun elsewhere each time. */
  for (let p = 0, total = 0; total < 10000; p++, total += 80) {
    const at = (p * 97) % words.length;
    paragraphs.push(`${[...words, ...words].slice(at, at + 80).join(' ')}.`);
  }
  const {article, site} = await plain(paragraphs.join('\n\n')), browser = await open(), page = await browser.newPage();
  const watch = () => {
    window.long = [];
    window.at = {};
    new PerformanceObserver(list => { for (const e of list.getEntries()) long.push([Math.round(e.startTime), Math.round(e.duration)]); })
      .observe({type: 'longtask', buffered: true});
    for (const name of ['ready', 'match']) addEventListener(`narrate-${name}`, () => { at[name] = Math.round(performance.now()); });
  };
  await page.addInitScript(watch);
  const tasks = () => page.evaluate(() => long.splice(0));
  await page.route('**/narrate-player.js', route => route.abort());
  await page.goto(`${site.url}/page.html`);
  await page.waitForTimeout(1000);
  const bare = await tasks();
  await page.unroute('**/narrate-player.js');
  await page.goto(`${site.url}/page.html`);
  await found(page);
  const loading = await tasks(), {ready, match} = await page.evaluate(() => at), coverage = await page.evaluate(() => document.querySelector('narrate-player').coverage);
  const count = article.sentences.reduce((sum, s) => sum + s.words.length / 4, 0);
  console.log(`${count} words, ${(article.duration / 60).toFixed(0)} minutes: can be used after ${ready} ms, words found after ${match} ms `
    + `(${coverage.found} of ${coverage.words})`);
  console.log(`tasks of more than 50 ms while loading, [when, how long]: ${loading.length} ${JSON.stringify(loading)}; `
    + `of the page without the player: ${bare.length} ${JSON.stringify(bare)}`);
  await page.evaluate(() => { const p = document.querySelector('narrate-player'); p.rate = 3; return p.play(); });
  for (const part of [0, 0.3, 0.6, 0.9]) {
    await page.evaluate(x => { const p = document.querySelector('narrate-player'); p.seek(p.duration * x); }, part);
    await page.waitForTimeout(6000);
  }
  const playing = await tasks();
  console.log(`tasks of more than 50 ms in 24 s of playing at 3x, with four jumps: ${playing.length} ${JSON.stringify(playing)}`);
  await browser.close();
  site.close();
}

async function embedded(source, count) {
  const files = fs.readdirSync(source).filter(f => /\.html(\.gz)?$/.test(f)).sort(), root = folder(), rows = [];
  const chosen = Array.from({length: Math.min(count, files.length)}, (_, i) => files[Math.floor(i * files.length / count)]);
  putPlayer(root);
  const site = await serve(root, () => ({'Content-Security-Policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:"}));
  const browser = await open();
  for (const file of chosen) {
    const raw = fs.readFileSync(path.join(source, file)), bytes = file.endsWith('.gz') ? zlib.gunzipSync(raw) : raw;
    fs.writeFileSync(path.join(root, 'source.html'), bytes);
    try { narrateInto(path.join(root, 'source.html'), root, 'one'); } catch (error) { rows.push([file, 0, 0, String(error).slice(0, 60)]); continue; }
    const played = await browser.newPage(), dom = () => played.evaluate(() => document.documentElement.outerHTML);
    await played.goto(`${site.url}/source.html`, {waitUntil: 'domcontentloaded'});
    const before = await dom();
    await played.evaluate(() => {
      const player = document.createElement('narrate-player'), script = document.createElement('script');
      player.setAttribute('src', `${location.origin}/one.json`);
      script.src = `${location.origin}/narrate-player.js`;
      document.body.append(player);
      document.head.append(script);
    });
    await until(played, () => document.querySelector('narrate-player').coverage);
    const coverage = await played.evaluate(() => document.querySelector('narrate-player').coverage);
    await played.evaluate(() => document.querySelector('narrate-player').play());
    await until(played, () => document.querySelector('narrate-player').currentTime > 1.5);
    await played.evaluate(() => { const p = document.querySelector('narrate-player'); p.seek(p.duration / 2); });
    await played.waitForTimeout(700);
    await played.evaluate(() => { document.querySelector('narrate-player').remove(); document.head.lastChild.remove(); });
    rows.push([file, coverage.words, coverage.found, await dom() === before ? 'same' : 'CHANGED']);
    await played.close();
  }
  await browser.close();
  site.close();
  console.log('page              words  found  share   page after playback');
  for (const [file, words, foundWords, state] of rows) {
    console.log(`${file.slice(0, 16)}  ${String(words).padStart(5)}  ${String(foundWords).padStart(5)}  ${(100 * foundWords / words).toFixed(1).padStart(5)}%  ${state}`);
  }
  const [words, hit] = [1, 2].map(i => rows.reduce((sum, r) => sum + r[i], 0));
  console.log(`all               ${String(words).padStart(5)}  ${String(hit).padStart(5)}  ${(100 * hit / words).toFixed(2)}%  `
    + `${rows.filter(r => r[3] === 'same').length} of ${rows.length} the same`);
}

async function shots(to) {
  const root = folder(), browser = await open();
  fs.mkdirSync(to, {recursive: true});
  narrateInto(path.join(tests, 'courier.html'), root, 'one');
  putPlayer(root);
  fs.copyFileSync(path.join(tests, 'courier.css'), path.join(root, 'courier.css'));
  const html = embed(fs.readFileSync(path.join(tests, 'courier.html'), 'utf8'), '<narrate-player src="/one.json"></narrate-player>', '<p>The keeper');
  fs.writeFileSync(path.join(root, 'page.html'), html);
  fs.writeFileSync(path.join(root, 'rtl.html'), html.replace('<html lang="en-GB"', '<html dir="rtl" lang="de"'));
  const site = await serve(root);
  /* [name, width, height, media, page, second, panel to open; null: stays where the reading is] */
  const wide = [1000, 760], phone = [360, 740], zoomed = [320, 256], options = '[aria-controls=options]';
  for (const [name, [width, height], media, page, second, panel] of [
    ['idle', wide, {}, 'page', -1], ['desktop', wide, {}, 'page', 9, ''], ['mini', wide, {}, 'page', 66, null],
    ['options', [1000, 900], {}, 'page', 9, options], ['chapters', wide, {}, 'page', 35, '[aria-controls=chapters]'],
    ['dark', wide, {colorScheme: 'dark'}, 'page', 9, ''], ['forced', wide, {forcedColors: 'active'}, 'page', 9, '.pace'],
    ['phone', phone, {}, 'page', 9, ''], ['phone-mini', phone, {}, 'page', 45, null], ['zoom-400', zoomed, {}, 'page', 9, ''],
    ['zoom-400-mini', zoomed, {}, 'page', 40, null], ['right-to-left', [1000, 900], {}, 'rtl', 9, options]]) {
    const {page: tab} = await visit(browser, `${site.url}/${page}.html`);
    await tab.setViewportSize({width, height});
    await tab.emulateMedia({reducedMotion: 'reduce', ...media});
    await found(tab);
    if (second >= 0) {
      await tab.evaluate(t => { const p = document.querySelector('narrate-player'); p.seek(t); return p.play(); }, second);
      await until(tab, t => document.querySelector('narrate-player').currentTime > t + 0.5 && CSS.highlights.get('narrate-word')?.size, second);
    }
    if (panel) await tab.evaluate(s => document.querySelector('narrate-player').shadowRoot.querySelector(s).click(), panel);
    if (typeof panel === 'string') {
      await tab.evaluate(() => { const p = document.querySelector('narrate-player'); p.pause(); p.scrollIntoView(); scrollBy(0, -120); });
    }
    await tab.waitForTimeout(300);
    await tab.screenshot({path: path.join(to, `${name}.png`)});
    await tab.evaluate(() => { document.querySelector('narrate-player').pause(); localStorage.clear(); });
    await tab.close();
  }
  await browser.close();
  site.close();
}

if (does('sizes')) sizes();
if (does('accuracy')) await accuracy();
if (does('long')) await long();
if (wanted.includes('embed')) {
  const at = wanted.indexOf('embed');
  await embedded(wanted[at + 1], Number(wanted[at + 2]) || 20);
}
if (does('axe')) {
  execFileSync('node', ['--test', '--test-reporter=spec', '--test-name-pattern=axe', path.join(tests, 'test_accessible.mjs')], {stdio: 'inherit'});
}
if (wanted.includes('shots')) await shots(wanted[wanted.indexOf('shots') + 1]);
