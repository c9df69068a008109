// The pages that `narrate page` makes: from a host below a path, from file://, in one file; of articles that are not kind; for everybody.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {found, open, until, visit} from './browser.mjs';
import {ASSETS, NARRATE, folder, serve} from './site.mjs';

const env = {...process.env, XDG_CONFIG_HOME: '/nonexistent'};
const make = (...args) => execFileSync(NARRATE, ['page', '-q', '--voice', 'null', ...args], {env, stdio: ['ignore', 'pipe', 'inherit']});
const article = name => path.join(ASSETS, 'articles', name);
const here = path.dirname(new URL(import.meta.url).pathname);
const MOTHS = 'town-hall-eaten-by-moths-councillors-told', LIBRARY = 'mktbt-alqryt-tfth-abwabha-mn-jdyd';
let root, site, browser;

before(async () => {
  root = folder();
  make(article('moths.html'), article('tea.md'), path.join(here, 'library-ar.html'), '-o', path.join(root, 'news'));
  make(path.join(here, 'attacks.html'), '-o', path.join(root, 'attacks'));
  make('--single', article('moths.html'), '-o', path.join(root, 'moths.html'));
  site = await serve(root);
  browser = await open();
});
after(async () => { await browser.close(); site.close(); });

/* What the browser asks for; the rest of the test is f. */
async function watching(address, f) {
  const asked = [], note = request => asked.push(request.url());
  browser.on('request', note);
  const {page, faults} = await visit(browser, address);
  await f(page, faults);
  await page.close();
  browser.off('request', note);
  return asked;
}

async function plays(page) {
  await page.evaluate(() => { const p = document.querySelector('narrate-player'); p.rate = 2; return p.play(); });
  await until(page, () => document.querySelector('narrate-player').currentTime > 1.5);
  await until(page, () => document.querySelector('narrate-player').currentWord?.range);
  await page.evaluate(() => document.querySelector('narrate-player').pause());
}

for (const [name, address, own] of [
  ['a host, below a path', () => `${site.url}/news/${MOTHS}/index.html`, () => `${site.url}/news/`],
  ['file://', () => `file://${root}/news/${MOTHS}/index.html`, () => `file://${root}/news/`],
  ['a single file', () => `file://${root}/moths.html`, () => `file://${root}/moths.html`],
  ['a page from right to left', () => `file://${root}/news/${LIBRARY}/index.html`, () => `file://${root}/news/`],
]) {
  test(`it plays and follows from ${name}`, async () => {
    const asked = await watching(address(), async (page, faults) => {
      const {words, found: there} = await found(page);
      assert.ok(words > 50 && there >= 0.95 * words, `${there} of ${words}`);
      await plays(page);
      assert.deepEqual(faults, []);
    });
    assert.deepEqual(asked.filter(a => !a.startsWith(own()) && !a.startsWith('data:') && !a.startsWith('blob:')), []);
  });
}

test('hostile articles do nothing', async () => {
  const asked = await watching(`file://${root}/attacks/index.html`, async (page, faults) => {
    page.on('dialog', d => { faults.push(`dialog ${d.message()}`); d.dismiss(); });
    await found(page);
    for (const link of await page.locator('article > header a, .text a').all())
      assert.match(await link.getAttribute('href'), /^(https?:\/\/[^/]|mailto:|#(note|mark)-)/);
    assert.equal(await page.evaluate(() => window.attacked), undefined);
    assert.equal(await page.evaluate(() => document.querySelectorAll('article :is(script, style, svg, math, iframe, object, embed, form, input, base, meta, link)').length), 1);
    assert.equal(await page.evaluate(() => document.title), 'A </title></script><script>attacked = 1</script> title');
    assert.deepEqual(faults, []);
  });
  assert.deepEqual(asked.filter(a => !a.startsWith(`file://${root}/attacks/`)), []);
});

test('nothing is wider than 320 pixels', async () => {
  for (const address of [`/news/${MOTHS}/index.html`, `/news/${LIBRARY}/index.html`, '/news/the-queue-at-the-end-of-the-world/index.html',
    '/news/index.html', '/attacks/index.html']) {
    const {page, faults} = await visit(browser, site.url + address);
    await page.setViewportSize({width: 320, height: 256});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), address);
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('without scripts a sound control and the transcript remain', async () => {
  const plain = await open({javaScriptEnabled: false});
  const page = await plain.newPage();
  await page.goto(`${site.url}/news/${MOTHS}/index.html`);
  assert.ok(await page.locator('narrate-player audio[controls]').isVisible());
  assert.match((await page.locator('narrate-player a').innerText()).trim(), /^Transcript$/);
  const answer = await page.request.get(new URL(await page.locator('narrate-player a').getAttribute('href'), page.url()).href);
  assert.ok(answer.ok());
  await plain.close();
});

test('a page in a preview shows itself anew when it was made again', async () => {
  const work = folder(), source = path.join(work, 'a.md');
  fs.writeFileSync(source, '# A title\n\nThe first words of it, which are to be heard.\n');
  make(source, '-o', path.join(work, 'out'));
  const server = spawn(NARRATE, ['serve-page', path.join(work, 'out'), '--port', '0'], {env, stdio: ['ignore', 'pipe', 'inherit']});
  try {
    const address = await new Promise(done => server.stdout.once('data', d => done(d.toString().trim())));
    const {page, faults} = await visit(browser, address);
    await page.waitForTimeout(1500);
    fs.writeFileSync(source, '# A title\n\nThe second words of it, which are to be heard.\n');
    make(source, '-o', path.join(work, 'out'));
    await page.waitForFunction(() => document.body.innerText.includes('The second words'), null, {timeout: 15000});
    assert.deepEqual(faults, []);
    await page.close();
  } finally {
    server.kill('SIGINT');
  }
});
