// What `narrate page` makes, in a real browser: served, from file://, as one file, and of an article that attacks.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {complaints, found, open, until, visit} from './browser.mjs';
import {ASSETS, folder, makePages, serve} from './site.mjs';

const here = path.dirname(new URL(import.meta.url).pathname), COURIER = path.join(here, 'courier.html');
const ATTACKS = `<!DOCTYPE html><html lang="en"><head><title>A quiet day &lt;/title&gt;&lt;script&gt;hit(1)&lt;/script&gt;</title>
<base href="https://evil.example/"><style>body { background: url(https://evil.example/x) }</style></head>
<body onload="hit(2)"><article><h1>A quiet day &lt;script&gt;hit(3)&lt;/script&gt;</h1>
<p onclick="hit(4)">Nothing happened in the harbour today, <a href="javascript:hit(5)">said the harbour master</a>, who had watched all day.</p>
<p><img src="x" onerror="hit(6)"><svg onload="hit(7)"><script>hit(8)</script></svg>A gull came, stood on the <a href=" java&#10;script:hit(9)">wall</a>, and left again.</p>
<p style="position: fixed; inset: 0">It was seen <iframe srcdoc="<script>parent.hit(10)</script>"></iframe>to look back once, &lt;/script&gt;&lt;script&gt;hit(11)&lt;/script&gt; as if it had left something.</p>
<p><b><i>Nobody</b></i> <a href="data:text/html,<script>hit(12)</script>">knows what</a> it was, and <math><mtext><style><img src=x onerror=hit(13)></style></mtext></math>nobody asked it.</p>
</article></body></html>`;
let root, site, browser;

before(async () => {
  root = folder();
  fs.writeFileSync(path.join(root, 'attacks.html'), ATTACKS);
  makePages(path.join(root, 'site'), COURIER, path.join(ASSETS, 'articles/tea.md'));
  makePages(path.join(root, 'attacked'), path.join(root, 'attacks.html'));
  makePages(path.join(root, 'single'), COURIER, '--single');
  site = await serve(root);
  browser = await open();
});
after(async () => { await browser.close(); site.close(); });

const articles = () => fs.readdirSync(path.join(root, 'site'), {withFileTypes: true}).filter(e => e.isDirectory()).map(e => e.name);
async function plays(page) {
  await page.evaluate(() => document.querySelector('narrate-player').play());
  await until(page, () => document.querySelector('narrate-player').currentTime > 0.3 && CSS.highlights.get('narrate-word')?.size);
  await page.evaluate(() => document.querySelector('narrate-player').pause());
}

test('served under a path, the words are found, and it plays', async () => {
  assert.equal(articles().length, 2);
  for (const name of articles()) {
    const {page, faults} = await visit(browser, `${site.url}/site/${name}/index.html`), coverage = await found(page);
    /* All but what is said of the article ("a piece of code is left out"). */
    assert.ok(coverage.found >= 0.98 * coverage.words, `${name}: ${JSON.stringify(coverage)}`);
    await plays(page);
    const other = await page.evaluate(() => {
      const p = document.querySelector('narrate-player'), {words} = p.article;
      return words.map(w => { p.seek(w.start / 1000 + 0.002); return p.currentWord; })
        .filter(w => w?.range && String(w.range).replace(/\s+/g, ' ') !== w.text).map(w => [w.text, String(w.range)]);
    });
    assert.deepEqual(other, [], 'what is lit is the word');
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('from file://, as a folder and as one file', async () => {
  const single = fs.readdirSync(path.join(root, 'single')).filter(f => f.endsWith('.html'));
  assert.equal(single.length, 1);
  for (const file of [`site/${articles()[0]}/index.html`, `single/${single[0]}`]) {
    const {page, faults} = await visit(browser, pathToFileURL(path.join(root, file)).href), coverage = await found(page);
    assert.ok(coverage.found >= 0.98 * coverage.words, `${file}: ${JSON.stringify(coverage)}`);
    await plays(page);
    assert.deepEqual(faults, [], file);
    await page.close();
  }
});

for (const [name, media] of [['light', {colorScheme: 'light'}], ['dark', {colorScheme: 'dark'}], ['forced colours', {forcedColors: 'active'}]]) {
  test(`axe: the page and the index, ${name}`, async () => {
    for (const file of ['index.html', `${articles()[0]}/index.html`, `${articles()[1]}/index.html`]) {
      const {page} = await visit(browser, `${site.url}/site/${file}`);
      await page.emulateMedia({colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce', ...media});
      assert.deepEqual(await complaints(page), [], file);
      if (file !== 'index.html') {
        await plays(page);
        assert.deepEqual(await complaints(page), [], `${file}, played`);
      }
      await page.close();
    }
  });
}

test('an article that attacks is inert', async () => {
  const page = await browser.newPage(), hits = [], asked = [];
  await page.addInitScript(() => { window.hits = []; window.hit = n => hits.push(n); });
  page.on('dialog', d => { hits.push(d.message()); d.dismiss(); });
  page.on('request', r => asked.push(r.url()));
  await page.goto(`${site.url}/attacked/index.html`);
  await found(page);
  await plays(page);
  for (const p of await page.$$('article p, article h1')) await p.dispatchEvent('click');
  assert.deepEqual(await page.evaluate(() => hits), []);
  assert.deepEqual(hits, []);
  assert.deepEqual(asked.filter(u => !u.startsWith(site.url)), []);
  const left = await page.evaluate(() => [...document.querySelectorAll('article *')].filter(e => e.matches('svg, iframe, math, style, [style], [onclick], [onerror], [onload]')
    || e.matches('script:not([type="application/json"])') || (e.href && !/^https?:/.test(e.href))).map(e => e.outerHTML.slice(0, 100)));
  assert.deepEqual(left, []);
  await page.close();
});
