// axe-core finds nothing to complain of, in light, dark and forced colours, wide, narrow and from right to left.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {complaints, found, open, until, visit} from './browser.mjs';
import {embed, folder, narrateInto, putPlayer, serve} from './site.mjs';

const here = path.dirname(new URL(import.meta.url).pathname), html = fs.readFileSync(path.join(here, 'courier.html'), 'utf8');
let site, browser, root;

before(async () => {
  root = folder();
  narrateInto(path.join(here, 'courier.html'), root, 'one');
  fs.copyFileSync(path.join(here, 'courier.css'), path.join(root, 'courier.css'));
  fs.writeFileSync(path.join(root, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  putPlayer(root);
  const page = embed(html, '<narrate-player src="/one.json" queue="/one.json"></narrate-player>', '<p>The keeper');
  fs.writeFileSync(path.join(root, 'page.html'), page);
  for (const lang of ['de', 'fr', 'es']) fs.writeFileSync(path.join(root, `${lang}.html`), page.replace('lang="en-GB"', `lang="${lang}"`));
  fs.writeFileSync(path.join(root, 'rtl.html'), page.replace('<html lang', '<html dir="rtl" lang'));
  site = await serve(root);
  browser = await open();
});
after(async () => { await browser.close(); site.close(); });

const inside = (page, f, argument) => page.evaluate(`(${f})(document.querySelector('narrate-player').shadowRoot, ${JSON.stringify(argument)})`);

/* Idle, playing with each panel, and the mini player. */
async function states(page) {
  const all = [];
  const look = async name => all.push(...(await complaints(page)).map(c => `${name}: ${c}`));
  await look('idle');
  await page.evaluate(() => { const p = document.querySelector('narrate-player'); p.rate = 0.5; return p.play(); });
  for (const name of ['.pace', '[aria-controls=chapters]', '[aria-controls=options]']) {
    await inside(page, '(r, n) => r.querySelector(n).click()', name);
    await look(name);
  }
  await page.mouse.move(100, 100);
  await page.mouse.wheel(0, 3000);
  await until(page, () => document.querySelector('narrate-player').shadowRoot.querySelector('.mini:popover-open')
    && !document.querySelector('narrate-player').shadowRoot.querySelector('.return').hidden);
  await page.waitForTimeout(400);
  await look('mini');
  await page.evaluate(() => document.querySelector('narrate-player').pause());
  return all;
}

for (const [name, media] of [['light', {colorScheme: 'light'}], ['dark', {colorScheme: 'dark'}], ['forced colours', {forcedColors: 'active'}]]) {
  test(`axe: ${name}`, async () => {
    const {page, faults} = await visit(browser, `${site.url}/page.html`);
    await page.emulateMedia({colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce', ...media});
    await found(page);
    assert.deepEqual(await states(page), []);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('axe: 320 px wide, from right to left', async () => {
  const {page} = await visit(browser, `${site.url}/rtl.html`);
  await page.emulateMedia({reducedMotion: 'reduce'});
  await page.setViewportSize({width: 320, height: 256});
  await found(page);
  assert.deepEqual(await states(page), []);
  await page.close();
});

test('at 320 px nothing sticks out, and targets are large', async () => {
  const {page} = await visit(browser, `${site.url}/page.html`);
  await page.setViewportSize({width: 320, height: 480});
  await page.evaluate(() => document.querySelector('narrate-player').play());
  for (const panel of ['.pace', '[aria-controls=chapters]', '[aria-controls=options]']) {
    await inside(page, '(r, n) => r.querySelector(n).click()', panel);
    const bad = await inside(page, `r => [...r.querySelectorAll('button, a, select, label, input[type=range]')].filter(e => e.checkVisibility())
      .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
      .filter(([, b]) => b.left < 0 || b.right > innerWidth || b.height < 24 || b.width < 24).map(([name, b]) => name + JSON.stringify(b))`);
    assert.deepEqual(bad, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  }
  await page.evaluate(() => document.querySelector('narrate-player').pause());
  await page.close();
});

test('the strings of every language are there, and no other shows', async () => {
  const names = {};
  for (const lang of ['page', 'de', 'fr', 'es']) {
    const {page} = await visit(browser, `${site.url}/${lang}.html`);
    names[lang] = await inside(page, `r => [...r.querySelectorAll('[aria-label], legend, .panel b, .item, dd')]
      .map(e => e.getAttribute('aria-label') ?? e.textContent).filter(Boolean)`);
    assert.ok(names[lang].length > 30);
    assert.ok(!names[lang].some(n => n.includes('undefined')), String(names[lang]));
    await page.close();
  }
  for (const lang of ['de', 'fr', 'es']) {
    const same = names[lang].filter(n => names.page.includes(n) && !/^(\d.*|Pause|Position|Podcast|Transcript.*|Volume|one\.json.*|Remove.*)$/.test(n));
    assert.deepEqual(same.filter(n => !/keeper|watch|comes/.test(n)), []);
  }
});

test('print leaves the player out', async () => {
  const {page} = await visit(browser, `${site.url}/page.html`);
  await page.emulateMedia({media: 'print'});
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('narrate-player')).display), 'none');
  await page.close();
});
