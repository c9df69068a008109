// Debian's Chromium, driven by playwright-core.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {folder} from './site.mjs';

const require = createRequire(`${process.env.NR_NODE_FOLDER}/package.json`);
const {chromium} = require('playwright-core');
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

/** A browser with nothing remembered, closed with close(). Options are those of playwright's contexts. */
export async function open(options = {}) {
  return chromium.launchPersistentContext(folder(), {executablePath: 'chromium', args: FLAGS, viewport: {width: 1000, height: 800},
    ...options, headless: true, executablePath: process.env.NR_CHROMIUM || '/usr/bin/chromium'});
}

/** A page at an address; faults holds what its console complained of. */
export async function visit(context, url) {
  const page = await context.newPage(), faults = [];
  page.on('console', m => { if (['error', 'warning'].includes(m.type())) faults.push(`${m.text()} ${m.location().url}`); });
  page.on('pageerror', e => faults.push(String(e)));
  await page.goto(url);
  await page.waitForFunction(() => [...document.querySelectorAll('narrate-player')].every(p => p.article), null, {timeout: 10000});
  return {page, faults};
}

/** Waits until the player at a selector has looked for its words. */
export const found = (page, selector = 'narrate-player') =>
  page.waitForFunction(s => document.querySelector(s).coverage, selector, {timeout: 20000}).then(() =>
    page.evaluate(s => document.querySelector(s).coverage, selector));

/** Waits until something is true in the page. */
export const until = (page, f, argument) => page.waitForFunction(f, argument, {timeout: 15000, polling: 50});

/** What axe-core complains of in a page. It is put in by the debugger, past the page's policy. */
export async function complaints(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', {expression: AXE});
  return page.evaluate(async () => (await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  })).violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => `${n.target.flat()} ${n.failureSummary}`).join(' | ')}`));
}
