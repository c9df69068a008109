// The player in a publisher's own page, with real sound in a real browser, under Content-Security-Policy: default-src 'self'.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {found, open, until, visit} from './browser.mjs';
import {embed, folder, narrateInto, putPlayer, serve} from './site.mjs';

const here = path.dirname(new URL(import.meta.url).pathname), html = fs.readFileSync(path.join(here, 'courier.html'), 'utf8');
const PLAYER = '<narrate-player src="/one.json"></narrate-player>', MARK = '<p>The keeper';
let site, browser, article, root;

before(async () => {
  root = folder();
  article = narrateInto(path.join(here, 'courier.html'), root, 'one');
  fs.copyFileSync(path.join(here, 'courier.css'), path.join(root, 'courier.css'));
  fs.writeFileSync(path.join(root, 'two.txt'), 'A second article\n\nIt is short, and it is about a goat. The goat was found.\n');
  narrateInto(path.join(root, 'two.txt'), root, 'two');
  putPlayer(root);
  fs.writeFileSync(path.join(root, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const write = (name, text) => fs.writeFileSync(path.join(root, name), text);
  write('page.html', embed(html, PLAYER, MARK));
  write('expanded.html', embed(html, PLAYER.replace('>', ' expanded>'), MARK));
  write('queue.html', embed(html, PLAYER.replace('>', ' queue="two.json">'), MARK));
  write('two.html', embed(html, `${PLAYER.replace('>', ' id="a">')}<narrate-player id="b" src="two.json"></narrate-player>`, MARK));
  write('broken.html', embed(html, '<narrate-player src="/none.json"><audio controls src="/one/x.opus"></audio></narrate-player>', MARK));
  /* The same words, set otherwise by the publisher. */
  write('set.html', embed(html
    .replace('<p>The keeper', '<p><span class="drop">T</span>he keeper').replaceAll('“', '"').replaceAll('”', '"')
    .replace('difficult and magnificent', 'diﬃcult and mag\u00adnif\u00adi\u00adcent').replace('Lord Mayor', 'LORD MA<b>YOR</b>')
    .replace('One, of 4 May 1996,', 'One, of 4&nbsp;May&nbsp;1996, <span class="advertisement">Buy our very fine lamps and oils today, at a price</span>'),
  PLAYER, '<p><span class="drop">T</span>he keeper'));
  write('without.html', embed(html.replace(/<p>In 36 years.*<\/p>/, ''), PLAYER, MARK));
  site = await serve(root);
  browser = await open();
});
after(async () => { await browser.close(); site.close(); });

const pages = [];
async function go(name) {
  for (const p of pages.splice(0)) await p.close();
  const {page, faults} = await visit(browser, `${site.url}/${name}`);
  pages.push(page);
  return {page, faults, call: (f, ...args) => page.evaluate(`(${f})(document.querySelector('narrate-player'), ...${JSON.stringify(args)})`)};
}
const lit = page => page.evaluate(() => ['narrate-sentence', 'narrate-word'].map(n => [...CSS.highlights.get(n) ?? []].map(String)));
const playing = page => until(page, () => { const p = document.querySelector('narrate-player'); return !p.paused && p.currentTime > 0.2; });

test('plays, lights the words, and leaves the page as it was', async () => {
  const {page, faults, call} = await go('page.html');
  const coverage = await found(page), outer = await page.evaluate(() => document.documentElement.outerHTML);
  assert.equal(coverage.found, coverage.words);
  await call('p => p.play()');
  await playing(page);
  const from = await call('p => p.currentTime');
  await until(page, t => document.querySelector('narrate-player').currentTime > t + 1, from);
  const seen = await until(page, () => {
    const [sentences, words] = ['sentence', 'word'].map(n => [...CSS.highlights.get(`narrate-${n}`)].map(String));
    return words.length === 1 && [sentences, words];
  });
  const [sentence, word] = await seen.jsonValue();
  assert.ok(article.sentences.some(s => s.text.startsWith(sentence[0].slice(0, 20))), sentence[0]);
  assert.ok(sentence[0].includes(word[0]), word[0]);
  await call('p => p.pause()');
  assert.equal(await page.evaluate(() => document.documentElement.outerHTML), outer);
  assert.deepEqual(faults, []);
  assert.deepEqual(await page.evaluate(() => document.cookie), '');
});

test('the lit word is the spoken one at half to three times the speed', async () => {
  const {page, call} = await go('page.html');
  await found(page);
  for (const rate of [0.5, 1, 2, 3]) {
    await call('(p, r) => { p.rate = r; p.seek(12); p.play(); }', rate);
    await until(page, () => document.querySelector('narrate-player').currentTime > 12.2);
    const samples = await page.evaluate(async () => {
      const p = document.querySelector('narrate-player'), taken = [];
      for (let i = 0; i < 50; i++) {
        await new Promise(done => setTimeout(done, 30 + (i * 37) % 60));
        if (p.currentTime > p.duration - 3) p.seek(5 + i / 10);
        taken.push({t: p.currentTime * 1000, word: [...CSS.highlights.get('narrate-word')].map(String)[0] ?? null});
      }
      return taken;
    });
    const spoken = article.sentences.flatMap(s => Array.from({length: s.words.length / 4}, (_, i) => s.words.slice(4 * i, 4 * i + 4))
      .map(([from, to, start, end]) => ({text: s.text.slice(from, to), start, end})));
    const near = 60 * rate;
    const wrong = samples.filter(({t, word}) => word === null
      ? spoken.some(w => w.start + near < t && t < w.end - near)
      : !spoken.some(w => w.start - near <= t && t <= w.end + near && w.text === word));
    assert.ok(samples.filter(s => s.word).length > 30, `lit at ${rate}`);
    assert.ok(wrong.length <= 2, `at ${rate}: ${JSON.stringify(wrong)}`);
    assert.equal(await page.evaluate(() => document.querySelector('narrate-player').shadowRoot.querySelector('audio').preservesPitch), true);
  }
  await call('p => { p.rate = 1; }');
});

test('words are found through other typography, and an advertisement in a sentence stays dark', async () => {
  const {page, call} = await go('set.html');
  const coverage = await found(page);
  assert.equal(coverage.found, coverage.words);
  await call('p => { p.play(); }');
  const at = async words => {
    const s = article.sentences.find(one => one.text.includes(words));
    await call('(p, t) => p.seek(t)', s.start / 1000 + 0.01);
    await until(page, w => [...CSS.highlights.get('narrate-sentence')].map(String).join('|').replaceAll('\u00ad', '').includes(w), words.slice(-4));
    return (await lit(page))[0];
  };
  assert.ok((await at('The keeper of'))[0].startsWith('The keeper'));
  const fish = await at('One, of 4 May 1996');
  assert.equal(fish.length, 2);
  assert.ok(!fish.join().includes('lamps'), fish.join('|'));
  await call('p => p.pause()');
});

test('text that is missing from the page does not stop the reading', async () => {
  const {page, call} = await go('without.html');
  const coverage = await found(page);
  assert.ok(coverage.found > 0.6 * coverage.words && coverage.found < coverage.words, JSON.stringify(coverage));
  const missing = article.sentences.find(s => s.text.startsWith('In 36 years'));
  await call('(p, t) => { p.play(); p.seek(t); }', missing.start / 1000 + 0.1);
  await playing(page);
  assert.deepEqual(await lit(page), [[], []]);
  const next = article.sentences.find(s => s.text.startsWith('The harbour board'));
  await call('(p, t) => p.seek(t)', next.start / 1000 + 0.1);
  await until(page, () => CSS.highlights.get('narrate-sentence').size === 1);
  await call('p => p.pause()');
});

test('a click on a word plays from there, on a link it does not, and before the first play nothing does', async () => {
  const {page, call} = await go('page.html');
  await found(page);
  const spot = words => page.evaluate(w => {
    const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT);
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      const at = n.data.indexOf(w);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(n, at);
      range.setEnd(n, at + w.length);
      range.startContainer.parentElement.scrollIntoView({block: 'center'});
      const box = range.getBoundingClientRect();
      return {x: box.x + box.width / 2, y: box.y + box.height / 2};
    }
  }, words);
  await page.emulateMedia({reducedMotion: 'reduce'});
  let {x, y} = await spot('wondered');
  await page.mouse.click(x, y);
  assert.equal(await call('p => p.paused'), true);
  await call('p => p.play().then(() => p.pause())');
  const fish = article.sentences.find(one => one.text.includes('magnificent')), at = fish.text.indexOf('magnificent');
  const begins = fish.words[fish.words.findIndex((from, i) => i % 4 === 0 && from === at) + 2] / 1000;
  await page.evaluate(() => document.addEventListener('narrate-seek', e => { window.sought = e.detail.time; }));
  ({x, y} = await spot('magnificent'));
  await page.mouse.click(x, y);
  await until(page, () => !document.querySelector('narrate-player').paused);
  assert.ok(Math.abs(await page.evaluate(() => sought) - begins) < 0.01, `${await page.evaluate(() => sought)}, not ${begins}`);
  const t = await call('p => { p.pause(); return p.currentTime; }');
  await page.evaluate(() => document.querySelector('article a[href="/forms"]').addEventListener('click', e => { e.preventDefault(); }));
  ({x, y} = await spot('nobody had'));
  await page.mouse.click(x, y);
  assert.equal(await call('p => p.currentTime'), t);
  await page.mouse.click(5, 400);
  assert.equal(await call('p => p.currentTime'), t);
});

test('goes on where the reader left, or where the address says', async () => {
  let {page, call} = await go('page.html');
  await call('p => { p.play(); p.seek(20); }');
  await until(page, () => document.querySelector('narrate-player').currentTime > 21);
  await call('p => p.pause()');
  await until(page, () => localStorage.getItem('narrate:places'));
  ({page, call} = await go('page.html'));
  const back = await call('p => [p.currentTime, p.shadowRoot.querySelector(".label").textContent]');
  assert.ok(back[0] > 20 && back[0] < 25, String(back));
  assert.equal(back[1], 'Continue listening');
  ({page, call} = await go('page.html#t=0:31'));
  assert.equal(await call('p => p.currentTime'), 31);
  assert.equal(await call('p => p.paused'), true);
  await page.evaluate(() => { location.hash = '#t=12'; });
  await until(page, () => { const p = document.querySelector('narrate-player'); return !p.paused && p.currentTime > 12 && p.currentTime < 20; });
  await call('p => { p.pause(); p.seek(0); }');
  await page.evaluate(() => localStorage.removeItem('narrate:places'));
});

test('two players: one stops the other, and t= means the one that is named', async () => {
  const {page, faults} = await go('two.html#t=2&player=b');
  const state = () => page.evaluate(() => ['a', 'b'].map(id => document.getElementById(id)).map(p => [p.paused, p.currentTime]));
  assert.deepEqual((await state()).map(s => s[1]), [0, 2]);
  await page.evaluate(() => document.getElementById('a').play());
  await until(page, () => !document.getElementById('a').paused);
  await page.evaluate(() => document.getElementById('b').play());
  await until(page, () => !document.getElementById('b').paused);
  assert.deepEqual((await state()).map(s => s[0]), [true, false]);
  await page.evaluate(() => document.getElementById('b').pause());
  assert.deepEqual(faults, []);
});

test('the queue goes on to the next article', async () => {
  const {page, call} = await go('queue.html');
  assert.equal(await call('p => p.queue.length'), 1);
  await call('p => { p.play(); p.seek(p.duration - 0.5); }');
  await until(page, () => { const p = document.querySelector('narrate-player'); return p.article.title === 'A second article' && !p.paused && p.currentTime > 0.1; });
  assert.equal(await call('p => p.queue.length'), 0);
  assert.equal(await call('p => p.shadowRoot.querySelector(".label").textContent'), 'A second article');
  await until(page, () => !document.querySelector('narrate-player').shadowRoot.querySelector('.caption').hidden);
  await call('p => p.pause()');
});

test('the page follows the reading, gives way to the reader, and offers the way back', async () => {
  const {page, call} = await go('page.html');
  await page.setViewportSize({width: 700, height: 400});
  await found(page);
  const last = article.sentences[article.sentences.length - 2].start / 1000 + 0.01;
  await call('(p, t) => { p.play(); p.seek(t); }', last);
  await until(page, () => scrollY > 200 && document.querySelector('narrate-player').shadowRoot.querySelector('.mini:popover-open'));
  assert.ok(await call('p => p.shadowRoot.querySelector(".return").hidden'), 'its own scrolling is not the reader\'s');
  const rect = () => page.evaluate(() => { const [r] = CSS.highlights.get('narrate-sentence'); const b = r.getBoundingClientRect(); return [b.top, b.bottom]; });
  await until(page, () => { const [r] = CSS.highlights.get('narrate-sentence'); const b = r?.getBoundingClientRect(); return b && b.top > 0 && b.bottom < innerHeight; });
  await call('(p, t) => { p.rate = 0.5; p.seek(t); }', article.sentences[8].start / 1000 + 0.01);
  await page.waitForTimeout(1300);
  await page.mouse.move(300, 100);
  await page.mouse.wheel(0, 1500);
  await until(page, () => !document.querySelector('narrate-player').shadowRoot.querySelector('.return').hidden);
  await page.waitForTimeout(300);
  const y = await page.evaluate(() => scrollY);
  const word = await call('p => p.currentWord?.word');
  await until(page, w => document.querySelector('narrate-player').currentWord?.word > w, word ?? 0);
  assert.equal(await page.evaluate(() => scrollY), y);
  await call('p => p.shadowRoot.querySelector(".return").click()');
  await until(page, () => { const [r] = CSS.highlights.get('narrate-sentence'); const b = r.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight; });
  assert.ok((await rect())[0] > 0);
  await call('p => { p.pause(); p.rate = 1; }');
  await page.setViewportSize({width: 1000, height: 800});
});

test('with reduced motion the page jumps instead of gliding', async () => {
  const {page, call} = await go('page.html');
  await page.emulateMedia({reducedMotion: 'reduce'});
  await page.setViewportSize({width: 700, height: 400});
  await found(page);
  const how = await page.evaluate(() => new Promise(done => {
    const real = Element.prototype.scrollBy;
    Element.prototype.scrollBy = function (o) { done(o.behavior); return real.call(this, o); };
    const p = document.querySelector('narrate-player');
    p.play();
    p.seek(p.duration - 5);
  }));
  assert.equal(how, 'instant');
  assert.equal(await call('p => getComputedStyle(p.shadowRoot.querySelector(".mini")).transitionDuration'), '0s');
  await call('p => p.pause()');
  await page.setViewportSize({width: 1000, height: 800});
});

test('every control by the keyboard alone', async () => {
  const {page, faults, call} = await go('expanded.html');
  await page.evaluate(() => localStorage.clear());
  await found(page);
  const active = () => call('p => { const e = p.shadowRoot.activeElement; return e && (e.getAttribute("aria-label") ?? e.closest("label")?.textContent ?? e.textContent); }');
  const reached = new Map(), time = () => call('p => p.currentTime');
  /* Tabs on to the control whose name begins so. */
  const to = async name => {
    for (let i = 0; i < 60; i++) {
      const now = await active();
      if (now) reached.set(now, true);
      if (now?.startsWith(name)) {
        const ring = await call('p => getComputedStyle(p.shadowRoot.activeElement.closest(".seek, .chip") ?? p.shadowRoot.activeElement).outlineStyle');
        assert.equal(ring, 'solid', `the focus of ${name} is seen`);
        return;
      }
      await page.keyboard.press('Tab');
    }
    assert.fail(`${name} is not reached: ${[...reached.keys()].join(', ')}`);
  };
  await page.evaluate(() => document.querySelector('.byline a').focus());
  await to('Play');
  await page.keyboard.press('Space');
  await playing(page);
  assert.equal(await active(), 'Pause');
  await page.keyboard.press('k');
  await until(page, () => document.querySelector('narrate-player').paused);
  await to('Position');
  await page.keyboard.press('Home');
  assert.ok(await time() < 0.1);
  await page.keyboard.press('ArrowRight');
  assert.ok(Math.abs(await time() - 5) < 0.1);
  await page.keyboard.press('PageUp');
  assert.ok(Math.abs(await time() - 35) < 0.1);
  assert.match(await call('p => p.shadowRoot.activeElement.getAttribute("aria-valuetext")'), /^35 seconds \/ /);
  await page.keyboard.press('Home');
  const starts = article.sentences.map(s => s.start / 1000);
  for (const [name, wanted] of [['Next sentence', starts[1]], ['Next paragraph', starts[2]]]) {
    await to(name);
    await page.keyboard.press('Enter');
    assert.ok(Math.abs(await time() - wanted) < 0.1, `${name}: ${await time()}, not ${wanted}`);
  }
  await page.keyboard.press('l');
  assert.ok(Math.abs(await time() - starts[2] - 15) < 0.1);
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+S');
  assert.ok(Math.abs(await time() - starts[1]) < 0.1, `Shift+S: ${await time()}`);
  await page.keyboard.press('p');
  assert.ok(Math.abs(await time() - starts[2]) < 0.1, `p: ${await time()}`);
  await to('Speed');
  await page.keyboard.press('Enter');
  await page.keyboard.press('+');
  assert.equal(await call('p => p.rate'), 1.1);
  await page.keyboard.press('-');
  await page.keyboard.press('Escape');
  assert.equal(await call('p => p.shadowRoot.activeElement.getAttribute("aria-expanded")'), 'false');
  await to('Mute');
  await page.keyboard.press('Enter');
  assert.equal(await call('p => p.muted'), true);
  await page.keyboard.press('m');
  assert.equal(await call('p => p.muted'), false);
  await to('Volume');
  await page.keyboard.press('ArrowLeft');
  assert.ok(Math.abs(await call('p => p.volume') - 0.95) < 0.001);
  await to('Chapters');
  await page.keyboard.press('Enter');
  const second = Math.round(article.chapters[1].start);
  await to(`${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}`);
  await page.keyboard.press('Enter');
  assert.ok(Math.abs(await time() - article.chapters[1].start) < 0.1);
  await page.keyboard.press('Escape');
  await to('More');
  await page.keyboard.press('Enter');
  await to('Scroll with');
  await page.keyboard.press('Space');
  assert.equal(JSON.parse(await page.evaluate(() => localStorage.getItem('narrate:settings'))).follow, false);
  await page.keyboard.press('Space');
  await to('Captions');
  await page.keyboard.press('Space');
  assert.equal(await call('p => p.shadowRoot.querySelector(".caption").textContent'), article.sentences.find(s => s.block === 4).text);
  await to('Sleep timer');
  await page.keyboard.press('ArrowDown');
  assert.equal(await call('p => p.shadowRoot.querySelector("select").value'), '5');
  await page.keyboard.press('k');
  assert.equal(await call('p => p.paused'), true, 'a letter typed into a list stays with the list');
  await to('Copy a link');
  await page.keyboard.press('Enter');
  await until(page, () => /#t=\d+$/.test(document.querySelector('narrate-player').shadowRoot.querySelector('.address').value));
  for (const name of ['Start from', 'Download', 'Transcript']) {
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await to(name);
  }
  assert.deepEqual(faults, []);
});

test('letters typed elsewhere, and with Ctrl, are not the player\'s', async () => {
  const {page, call} = await go('page.html');
  await page.keyboard.press('k');
  await page.evaluate(() => document.querySelector('narrate-player').shadowRoot.querySelector('.go').focus());
  await page.keyboard.press('Control+k');
  assert.equal(await call('p => p.paused'), true);
});

test('the sleep timer stops at the end of a chapter', async () => {
  const {page, call} = await go('page.html');
  const end = article.chapters[1].start;
  await call('(p, t) => { p.play(); p.seek(t); }', end - 1);
  await playing(page);
  await call('p => { const s = p.shadowRoot.querySelector("select"); s.value = "chapter"; s.dispatchEvent(new Event("change")); }');
  await until(page, () => document.querySelector('narrate-player').paused);
  assert.ok(Math.abs(await call('p => p.currentTime') - end) < 0.5);
});

test('what a screen reader is told changes with the state, not with every second', async () => {
  const {page, call} = await go('expanded.html');
  await page.evaluate(() => {
    const p = document.querySelector('narrate-player');
    window.told = [];
    new MutationObserver(m => told.push(...m.map(x => x.target.textContent))).observe(p.shadowRoot.querySelector('[role=status]'), {childList: true, characterData: true, subtree: true});
    const range = p.shadowRoot.querySelector('.seek input');
    range.focus();
    new MutationObserver(m => told.push(range.getAttribute('aria-valuetext'))).observe(range, {attributes: true, attributeFilter: ['aria-valuetext']});
    p.seek(0);
    p.play();
  });
  await playing(page);
  await page.evaluate(() => { told.length = 0; });
  await until(page, () => document.querySelector('narrate-player').currentTime > 2.5);
  assert.deepEqual(await page.evaluate(() => told), []);
  await call('p => p.pause()');
});

test('without its article, or without script, the plain audio remains', async () => {
  const {page} = await go('page.html');
  await page.goto(`${site.url}/broken.html`);
  await until(page, () => document.querySelector('narrate-player').shadowRoot?.querySelector('section').hidden);
  assert.ok(await page.evaluate(() => document.querySelector('audio').checkVisibility()));
  const plain = await open({javaScriptEnabled: false});
  const bare = await plain.newPage();
  await bare.goto(`${site.url}/broken.html`);
  assert.ok(await bare.locator('audio').isVisible());
  await plain.close();
});

test('where words cannot be lit in the page, the player shows them', async () => {
  const page = await browser.newPage(), faults = [];
  pages.push(page);
  page.on('pageerror', e => faults.push(String(e)));
  await page.addInitScript(() => { delete globalThis.Highlight; });
  await page.goto(`${site.url}/page.html`);
  await found(page);
  await page.evaluate(() => { const p = document.querySelector('narrate-player'); p.play(); p.seek(6); });
  const same = await until(page, () => {
    const p = document.querySelector('narrate-player'), caption = p.shadowRoot.querySelector('.caption');
    return !caption.hidden && p.currentWord && caption.querySelector('mark')?.textContent === p.currentWord.text && caption.textContent;
  });
  assert.ok(article.sentences.map(s => s.text).includes(await same.jsonValue()));
  await page.evaluate(() => document.querySelector('narrate-player').pause());
  assert.deepEqual(faults, []);
});

test('a page at file://, with its JSON inside and its blocks marked', async () => {
  const safe = JSON.stringify(article).replaceAll('<', '\\u003c');
  const text = article.blocks.map((_, i) => `<p data-narrate-block="${i}">${article.sentences.filter(s => s.block === i).map(s => s.text).join(' ')}</p>`).join('\n');
  fs.writeFileSync(path.join(root, 'local.html'), `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title>
<script src="narrate-player.js" defer></script></head><body><p>The keeper of the Saltmarsh light</p>
<narrate-player><script type="application/json">${safe}</script></narrate-player>${text}</body></html>`);
  const {page, faults} = await visit(browser, `file://${root}/local.html`);
  pages.push(page);
  const coverage = await found(page);
  assert.equal(coverage.found, coverage.words);
  await page.evaluate(t => { const p = document.querySelector('narrate-player'); p.play(); p.seek(t); }, article.sentences[2].start / 1000 + 0.01);
  await playing(page);
  await until(page, () => CSS.highlights.get('narrate-sentence').size === 1);
  assert.equal(await page.evaluate(() => [...CSS.highlights.get('narrate-sentence')][0].startContainer.parentElement.dataset.narrateBlock), '2');
  await page.evaluate(() => document.querySelector('narrate-player').pause());
  assert.deepEqual(faults, []);
});

test('an article full of evil stays text, and its addresses are not followed', async () => {
  const evil = {...article, title: '<img src=x onerror=alert(1)>', transcript: 'javascript:alert(1)', feed: 'data:text/html,x',
    chapters: [{start: 0, title: '<script>alert(1)</script>'}, {start: 3, title: '"><svg onload=alert(1)>'}, null, {start: 'x'}],
    audio: [{src: 'javascript:alert(1)', type: 'audio/ogg'}, null, 7, ...article.audio], sentences: [null, 7, {words: 'x'}, ...article.sentences]};
  fs.writeFileSync(path.join(root, 'evil.json'), JSON.stringify(evil));
  fs.writeFileSync(path.join(root, 'evil.html'), embed(html, '<narrate-player expanded src="/evil.json"></narrate-player>', MARK));
  const {page, faults, call} = await go('evil.html');
  await call('p => { p.play(); }');
  await playing(page);
  assert.equal(await call('p => p.shadowRoot.querySelectorAll("img, script, svg[onload]").length'), 0);
  assert.deepEqual(await call('p => [...p.shadowRoot.querySelectorAll("a[href], source")].map(a => a.href ?? a.src).filter(u => !/^http:/.test(u))'), []);
  await call('p => p.pause()');
  assert.deepEqual(faults, []);
});

test('nothing was asked of another host, and nothing but the files', () => {
  const own = ['/none.json', '/one/x.opus', '/favicon.ico'];
  assert.deepEqual(site.asked.filter(name => !own.includes(name) && !fs.existsSync(path.join(root, name))), []);
});
