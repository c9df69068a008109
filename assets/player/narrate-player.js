/* narrate-player: <narrate-player src="article.json">, a "Listen to this article" player that follows the words.
   Part of narrate, GPL-3.0-or-later. README.md beside this file documents it.
   One file without import or export, so that it works as a module, as a classic script and from file://.
   Parts: strings, drawing, words of a text, finding them in a page, the article, memory, the element. */
(() => {
'use strict';
if (customElements.get('narrate-player')) return;

/* ---------------------------------------------------------------- strings */

const STRINGS = {
  en: {
    listen: 'Listen to this article', resume: 'Continue listening', play: 'Play', pause: 'Pause', back: 'Back 15 seconds',
    forward: 'Forward 15 seconds', sentenceBack: 'Previous sentence', sentenceOn: 'Next sentence',
    paragraphBack: 'Previous paragraph', paragraphOn: 'Next paragraph', position: 'Position', left: '{} left',
    speed: 'Speed', volume: 'Volume', mute: 'Mute', unmute: 'Unmute', chapters: 'Chapters', more: 'More',
    follow: 'Scroll with the reading', light: 'Highlight the words', click: 'Click a word to play from there',
    captions: 'Captions', sleep: 'Sleep timer', off: 'Off', chapterEnd: 'At the end of the chapter',
    articleEnd: 'At the end of the article', share: 'Copy a link to this moment', shared: 'Link copied',
    download: 'Download', transcript: 'Transcript', feed: 'Podcast', restart: 'Start from the beginning', queue: 'Up next',
    remove: 'Remove {}', mini: 'Mini player', return: 'Back to the reading', close: 'Close the mini player',
    broken: 'The recording could not be loaded.', ended: 'End of the article', slept: 'Paused by the sleep timer',
    keys: 'Keys, while the player has the focus',
  },
  de: {
    listen: 'Diesen Artikel anhören', resume: 'Weiterhören', play: 'Abspielen', pause: 'Pause', back: '15 Sekunden zurück',
    forward: '15 Sekunden vor', sentenceBack: 'Voriger Satz', sentenceOn: 'Nächster Satz',
    paragraphBack: 'Voriger Absatz', paragraphOn: 'Nächster Absatz', position: 'Position', left: 'noch {}',
    speed: 'Tempo', volume: 'Lautstärke', mute: 'Stumm schalten', unmute: 'Ton einschalten', chapters: 'Kapitel', more: 'Mehr',
    follow: 'Beim Vorlesen mitscrollen', light: 'Wörter hervorheben', click: 'Ab angeklicktem Wort vorlesen',
    captions: 'Untertitel', sleep: 'Schlummer-Timer', off: 'Aus', chapterEnd: 'Am Ende des Kapitels',
    articleEnd: 'Am Ende des Artikels', share: 'Link zu dieser Stelle kopieren', shared: 'Link kopiert',
    download: 'Herunterladen', transcript: 'Text', feed: 'Podcast', restart: 'Von vorn beginnen', queue: 'Als Nächstes',
    remove: '{} entfernen', mini: 'Mini-Player', return: 'Zurück zur Lesestelle', close: 'Mini-Player schließen',
    broken: 'Die Aufnahme konnte nicht geladen werden.', ended: 'Ende des Artikels', slept: 'Vom Schlummer-Timer angehalten',
    keys: 'Tasten, solange der Player den Fokus hat',
  },
  fr: {
    listen: 'Écouter cet article', resume: 'Reprendre l’écoute', play: 'Lecture', pause: 'Pause', back: 'Reculer de 15 secondes',
    forward: 'Avancer de 15 secondes', sentenceBack: 'Phrase précédente', sentenceOn: 'Phrase suivante',
    paragraphBack: 'Paragraphe précédent', paragraphOn: 'Paragraphe suivant', position: 'Position', left: 'reste {}',
    speed: 'Vitesse', volume: 'Volume', mute: 'Couper le son', unmute: 'Rétablir le son', chapters: 'Chapitres', more: 'Plus',
    follow: 'Défiler avec la lecture', light: 'Surligner les mots', click: 'Cliquer un mot pour lire à partir de là',
    captions: 'Sous-titres', sleep: 'Minuterie de veille', off: 'Désactivée', chapterEnd: 'À la fin du chapitre',
    articleEnd: 'À la fin de l’article', share: 'Copier un lien vers ce moment', shared: 'Lien copié',
    download: 'Télécharger', transcript: 'Transcription', feed: 'Podcast', restart: 'Reprendre au début', queue: 'À suivre',
    remove: 'Retirer {}', mini: 'Mini-lecteur', return: 'Revenir à la lecture', close: 'Fermer le mini-lecteur',
    broken: 'L’enregistrement n’a pas pu être chargé.', ended: 'Fin de l’article', slept: 'Mis en pause par la minuterie',
    keys: 'Touches, quand le lecteur a le focus',
  },
  es: {
    listen: 'Escuchar este artículo', resume: 'Seguir escuchando', play: 'Reproducir', pause: 'Pausa', back: 'Retroceder 15 segundos',
    forward: 'Avanzar 15 segundos', sentenceBack: 'Frase anterior', sentenceOn: 'Frase siguiente',
    paragraphBack: 'Párrafo anterior', paragraphOn: 'Párrafo siguiente', position: 'Posición', left: 'quedan {}',
    speed: 'Velocidad', volume: 'Volumen', mute: 'Silenciar', unmute: 'Activar el sonido', chapters: 'Capítulos', more: 'Más',
    follow: 'Desplazar con la lectura', light: 'Resaltar las palabras', click: 'Pulsar una palabra para leer desde ahí',
    captions: 'Subtítulos', sleep: 'Temporizador', off: 'Desactivado', chapterEnd: 'Al final del capítulo',
    articleEnd: 'Al final del artículo', share: 'Copiar un enlace a este momento', shared: 'Enlace copiado',
    download: 'Descargar', transcript: 'Transcripción', feed: 'Pódcast', restart: 'Empezar desde el principio', queue: 'A continuación',
    remove: 'Quitar {}', mini: 'Minirreproductor', return: 'Volver a la lectura', close: 'Cerrar el minirreproductor',
    broken: 'No se pudo cargar la grabación.', ended: 'Fin del artículo', slept: 'En pausa por el temporizador',
    keys: 'Teclas, cuando el reproductor tiene el foco',
  },
};
const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/* "3:07", "1:02:45" */
const clock = s => {
  s = Math.max(0, Math.round(s));
  const two = n => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
};
const unit = (lang, name, n, display = 'long') =>
  new Intl.NumberFormat(lang, {style: 'unit', unit: name, unitDisplay: display}).format(n);
/* "3 minutes 7 seconds", for those who hear it */
const spoken = (lang, s) => {
  s = Math.max(0, Math.round(s));
  const parts = [['hour', Math.floor(s / 3600)], ['minute', Math.floor(s / 60) % 60], ['second', s % 60]];
  return parts.filter(([name, n], i) => n || (i === 2 && s < 60)).map(([name, n]) => unit(lang, name, n)).join(' ');
};

/* ---------------------------------------------------------------- drawing */

const SVG = 'http://www.w3.org/2000/svg';
/* On a grid of 24. */
const ICONS = {
  play: 'M8 5.4v13.2L18.6 12z', pause: 'M7.5 5.5h2.6v13H7.5zM13.9 5.5h2.6v13h-2.6z',
  back: 'M3.2 8.6a9.4 9.4 0 1 1-.4 6.6M2.8 3.2v5.6h5.6', forward: 'M20.8 8.6a9.4 9.4 0 1 0 .4 6.6M21.2 3.2v5.6h-5.6',
  sentenceBack: 'm14.5 6-6 6 6 6', sentenceOn: 'm9.5 6 6 6-6 6',
  paragraphBack: 'm18 6-6 6 6 6M11 6l-6 6 6 6', paragraphOn: 'm6 6 6 6-6 6M13 6l6 6-6 6',
  volume: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5', chapters: 'M4 6.5h.01M8.5 6.5H20M4 12h.01M8.5 12H20M4 17.5h.01M8.5 17.5H20',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01', close: 'm6.5 6.5 11 11M17.5 6.5l-11 11', return: 'M12 4.5v15M6.5 14l5.5 5.5 5.5-5.5',
  share: 'M10 14a4 4 0 0 0 5.7 0l3.2-3.2a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.2 3.2a4 4 0 0 0 5.7 5.7L12 17.7',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14', transcript: 'M5 6h14M5 10.5h14M5 15h9M5 19.5h6',
  feed: 'M5 11a8 8 0 0 1 8 8M5 5a14 14 0 0 1 14 14M6 18.2h.01', restart: 'M4.6 9.2a8.4 8.4 0 1 1-.8 5.3M4.2 4.2v5.2h5.2',
};
/* An element with attributes, listeners (onclick: f), and children; never by innerHTML, so Trusted Types allow it. */
function h(tag, attributes, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') el.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) el.setAttribute(name, value === true ? '' : value);
  }
  el.append(...children.filter(c => c != null));
  return el;
}
function draw(svg, name) {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.setAttribute('class', `icon i-${name}`);
  svg.replaceChildren(path);
  if (name === 'back' || name === 'forward') {
    const text = document.createElementNS(SVG, 'text');
    text.setAttribute('x', 12);
    text.setAttribute('y', 15.6);
    text.textContent = '15';
    svg.append(text);
  }
  return svg;
}
function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  return draw(svg, name);
}

const STYLE = `
:host {
  --a: var(--narrate-accent, #0b5c6d); --on: var(--narrate-on-accent, #fff); --bg: var(--narrate-background, #f5f4f0);
  --fg: var(--narrate-text, #17191b); --soft: var(--narrate-muted, #565b5f); --line: var(--narrate-line, #d8d5cd);
  --rail: #8b8f90; --word: var(--narrate-word, #ffd866);
  --size: var(--narrate-size, max(1rem, 16px));
  display: block; margin-block: 1.25em; container-type: inline-size; color: var(--fg);
  font: 400 var(--size)/1.4 var(--narrate-font, system-ui, sans-serif); letter-spacing: normal; text-align: start; text-transform: none;
}
@supports (color: light-dark(#000, #fff)) { :host {
  --a: var(--narrate-accent, light-dark(#0b5c6d, #8ed4e4)); --on: var(--narrate-on-accent, light-dark(#fff, #07252c));
  --bg: var(--narrate-background, light-dark(#f5f4f0, #202325)); --fg: var(--narrate-text, light-dark(#17191b, #efece6));
  --soft: var(--narrate-muted, light-dark(#565b5f, #b1b5b7)); --line: var(--narrate-line, light-dark(#d8d5cd, #41464a));
  --rail: light-dark(#8b8f90, #767c80); --word: var(--narrate-word, light-dark(#ffd866, #7a5d00));
} }
:host([theme=light]) { color-scheme: light; } :host([theme=dark]) { color-scheme: dark; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
button, select, input, a { font: inherit; letter-spacing: inherit; color: inherit; margin: 0; }
button { border: 0; background: none; padding: 0; cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
:focus-visible, .seek:has(:focus-visible) { outline: 3px solid var(--a); outline-offset: 2px; }
.icon { inline-size: 1.5em; block-size: 1.5em; display: block; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.i-play, .i-pause { fill: currentColor; stroke-width: 1.4; }
.i-more { stroke-width: 3; }
.icon text { font: 700 8.5px var(--narrate-font, system-ui, sans-serif); fill: currentColor; stroke: none; text-anchor: middle; }
.card { background: var(--bg); border: 1px solid var(--line); border-radius: var(--narrate-radius, 16px); padding: .75em .875em; display: grid; gap: .5em; }
.card.idle { inline-size: fit-content; max-inline-size: 100%; border-radius: 2.5em; padding: .375em; }
.idle > :not(.head) { display: none; }
.head { display: flex; align-items: center; gap: .75em; min-inline-size: 0; }
.idle .head { padding-inline-end: .875em; }
.go { flex: none; inline-size: 3em; block-size: 3em; border-radius: 50%; background: var(--a); color: var(--on); display: grid; place-items: center; transition: scale .15s; }
.go .icon { inline-size: 1.625em; block-size: 1.625em; }
.idle .go { inline-size: 2.75em; block-size: 2.75em; }
.go:active { scale: .94; }
.name { min-inline-size: 0; flex: 1; overflow-wrap: anywhere; }
.label { font-weight: 650; line-height: 1.25; }
.idle .label { cursor: pointer; }
.sub { color: var(--soft); font-size: .875em; line-height: 1.35; display: block; }
.idle .name { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .625em; }
.times { display: flex; justify-content: space-between; font-size: .8125em; color: var(--soft); font-variant-numeric: tabular-nums; direction: ltr; margin-block-start: -.375em; }
.seek { position: relative; block-size: 1.75em; direction: ltr; border-radius: 6px; --p: 0; }
.rail { position: absolute; inset-inline: 0; inset-block-start: calc(50% - 2.5px); block-size: 5px; border-radius: 3px; background: var(--rail); overflow: hidden; }
.done { block-size: 100%; inline-size: calc(var(--p) * 100%); background: var(--a); }
.tick { position: absolute; inset-block: 0; inline-size: 3px; inset-inline-start: calc(var(--x) * 100% - 1px); background: var(--bg); }
.knob { position: absolute; inset-block-start: calc(50% - 8px); inset-inline-start: calc(var(--p) * (100% - 16px)); inline-size: 16px; block-size: 16px; border-radius: 50%; background: var(--a); border: 2px solid var(--bg); pointer-events: none; }
.seek input { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; opacity: 0; cursor: pointer; touch-action: pan-y; }
.preview { position: absolute; inset-block-end: calc(100% + .25em); inset-inline-start: clamp(0px, calc(var(--x) * 100% - 8.5em), calc(100% - 17em)); inline-size: min(17em, 100%); background: var(--fg); color: var(--bg); border-radius: 10px; padding: .5em .75em; font-size: .8125em; pointer-events: none; z-index: 2; box-shadow: 0 4px 16px rgb(0 0 0 / .25); }
.preview b { font-variant-numeric: tabular-nums; }
.preview span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; unicode-bidi: plaintext; }
.row, .set { display: flex; align-items: center; flex-wrap: wrap; gap: .125em; }
.row { justify-content: space-between; gap: .125em 1em; margin-inline: -.375em; }
.set { direction: ltr; }
.key { min-inline-size: 2.6em; min-block-size: 2.75em; border-radius: 10px; display: inline-grid; place-items: center; grid-auto-flow: column; gap: .25em; }
.key:hover, .item:hover, .chip:hover { background: color-mix(in srgb, var(--fg) 9%, transparent); }
.key[aria-expanded=true] { background: color-mix(in srgb, var(--fg) 12%, transparent); }
.pace { font-weight: 650; font-variant-numeric: tabular-nums; padding-inline: .375em; }
input[type=range].loud { inline-size: 4.25em; accent-color: var(--a); block-size: 1.75em; direction: ltr; }
.caption { border-block-start: 1px solid var(--line); padding-block-start: .625em; margin: 0; min-block-size: 3.4em; unicode-bidi: plaintext; }
.caption mark { background: var(--word); color: inherit; border-radius: 3px; box-shadow: 0 0 0 2px var(--word); }
.panel { border-block-start: 1px solid var(--line); padding-block-start: .625em; display: grid; gap: .5em; }
.panel b, legend { font-weight: 650; padding: 0; }
fieldset { border: 0; padding: 0; margin: 0; min-inline-size: 0; }
.chips { display: flex; flex-wrap: wrap; gap: .375em; margin-block-start: .375em; direction: ltr; }
.chip { position: relative; border: 1px solid var(--rail); border-radius: 2em; min-inline-size: 3.25em; min-block-size: 2.5em; display: grid; place-items: center; padding-inline: .5em; font-variant-numeric: tabular-nums; cursor: pointer; }
.chip input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.chip:has(:checked) { background: var(--a); color: var(--on); border-color: var(--a); font-weight: 650; }
.chip:has(:focus-visible) { outline: 3px solid var(--a); outline-offset: 2px; }
ol { list-style: none; margin: 0; padding: 0; max-block-size: 17em; overflow: auto; }
li { display: flex; gap: .25em; }
.item { display: flex; align-items: center; gap: .75em; min-block-size: 2.75em; padding: .25em .5em; border-radius: 8px; text-align: start; text-decoration: none; flex: 1; cursor: pointer; min-inline-size: 0; overflow-wrap: anywhere; }
.item time { color: var(--soft); font-size: .875em; font-variant-numeric: tabular-nums; min-inline-size: 3em; }
.item[aria-current=true] { font-weight: 650; } .item[aria-current=true] time { color: var(--a); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16em, 100%), 1fr)); column-gap: 1em; }
.item input { inline-size: 1.25em; block-size: 1.25em; accent-color: var(--a); flex: none; }
.item .icon { flex: none; color: var(--soft); }
select { background: var(--bg); border: 1px solid var(--rail); border-radius: 8px; min-block-size: 2.5em; padding-inline: .5em; max-inline-size: 100%; }
.item select { flex: 1; min-inline-size: 8em; }
.item.wrap { flex-wrap: wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25em .875em; margin: 0; font-size: .875em; color: var(--soft); }
dt { direction: ltr; } dd { margin: 0; }
kbd { font: 600 .875em ui-monospace, monospace; border: 1px solid var(--line); border-radius: 5px; padding: .1em .4em; color: var(--fg); margin-inline-end: .3em; }
.address { inline-size: 100%; min-block-size: 2.5em; border: 1px solid var(--rail); border-radius: 8px; background: none; padding-inline: .625em; }
.mini { position: fixed; inset: auto 0 max(.75rem, env(safe-area-inset-bottom)); margin: 0 auto; inline-size: min(35em, 100vw - 1.25rem); max-block-size: none; z-index: 2147483000; border: 1px solid var(--line); border-radius: 16px; background: var(--bg); color: var(--fg); padding: .375em .5em; box-shadow: 0 8px 32px rgb(0 0 0 / .22), 0 1px 3px rgb(0 0 0 / .18); overflow: visible; font: inherit; }
.bar { display: flex; align-items: center; gap: .125em; }
.mini .go { inline-size: 2.75em; block-size: 2.75em; margin-inline-end: .5em; }
.mini .label { font-size: .9375em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.mini .sub { font-variant-numeric: tabular-nums; font-size: .8125em; }
.mini .line { position: absolute; inset-inline: 16px; inset-block-start: -1px; block-size: 3px; border-radius: 2px; overflow: hidden; background: var(--line); direction: ltr; --p: 0; }
.return { position: absolute; inset-block-end: calc(100% + .5em); inset-inline: 0; margin-inline: auto; inline-size: fit-content; display: flex; align-items: center; gap: .375em; background: var(--fg); color: var(--bg); border-radius: 2em; padding: .25em 1em .25em .625em; min-block-size: 2.5em; font-size: .875em; font-weight: 650; box-shadow: 0 4px 16px rgb(0 0 0 / .3); white-space: nowrap; }
.only { background: none; border-color: transparent; box-shadow: none; padding: 0; } .only > :not(.return) { display: none; } .only .return { position: static; }
.up .icon { scale: 1 -1; }
dd, .note { unicode-bidi: plaintext; } dd:dir(rtl), .note:dir(rtl) { text-align: right; }
.said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.note { color: var(--soft); font-size: .875em; margin: 0; }
@container (max-width: 30em) {
  .card:not(.idle) { padding-inline: .625em; }
  .row { justify-content: center; }
}
@media (max-width: 30em) { .mini .skip { display: none; } .mini .go { margin-inline-end: .25em; } }
@media (max-height: 20em) { .mini { padding-block: 0; border-radius: 10px; } .mini .sub { display: none; } .return { min-block-size: 2em; } }
@media (hover: none) and (pointer: coarse) { .loud { display: none; } }
@media (prefers-reduced-motion: no-preference) {
  .mini { transition: translate .25s cubic-bezier(.2, .8, .2, 1), opacity .25s; }
  @starting-style { .mini { translate: 0 1.5em; opacity: 0; } }
}
@media (prefers-reduced-motion: reduce) { .go { transition: none; } }
@media (forced-colors: active) {
  .go, .knob, .done { forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Canvas; }
  .rail { border: 1px solid CanvasText; background: Canvas; } .tick { forced-color-adjust: none; background: CanvasText; }
  .key, .item, .preview, .return { border: 1px solid transparent; } .preview, .return, .mini { border-color: CanvasText; background: Canvas; color: CanvasText; }
  .chip:has(:checked), .key[aria-expanded=true], .caption mark { forced-color-adjust: none; background: Highlight; color: HighlightText; box-shadow: none; }
}
@media print { :host { display: none !important; } }
`;
/* In the page itself: only what is painted behind the words, and that the mini player hides nothing that has the focus. */
const PAGE_STYLE = `
:root { --narrate-lit-sentence: #fdf0c2; --narrate-lit-word: #ffd34d; --narrate-lit-line: #6b4e00; }
@supports (color: light-dark(#000, #fff)) { :root {
  --narrate-lit-sentence: light-dark(#fdf0c2, #3d3413); --narrate-lit-word: light-dark(#ffd34d, #7a5f00); --narrate-lit-line: light-dark(#6b4e00, #ffd34d);
} }
::highlight(narrate-sentence) { background-color: var(--narrate-highlight-sentence, var(--narrate-lit-sentence)); }
::highlight(narrate-word) { background-color: var(--narrate-highlight-word, var(--narrate-lit-word)); text-decoration: underline 2px var(--narrate-highlight-line, var(--narrate-lit-line)); }
@media (forced-colors: active) { ::highlight(narrate-word) { background-color: Highlight; color: HighlightText; } }
@media print { ::highlight(narrate-sentence), ::highlight(narrate-word) { background-color: transparent; text-decoration: none; } }
`;
const sheet = css => { const s = new CSSStyleSheet(); s.replaceSync(css); return s; };
const ROOM = ':where(:root) { scroll-padding-block-end: 5.5rem; }';
let ownSheet, pageSheet, roomSheet;

/* ---------------------------------------------------------------- work in slices */

const now = () => performance.now();
const nextTask = () => new Promise(done => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { channel.port1.close(); done(); };
  channel.port2.postMessage(0);
});
/* Runs a generator to its end, giving way to the page every few milliseconds, or until it is stale. */
async function inSlices(work, stale) {
  for (;;) {
    for (const end = now() + 8; now() < end;) {
      const step = work.next();
      if (step.done) return step.value;
    }
    await nextTask();
    if (stale()) return undefined;
  }
}

/* ---------------------------------------------------------------- words of a text */

/* A token is a run of letters or a run of digits, or one sign of a script that puts no spaces between words. What is
   typography (quotes, dashes, spaces) is between tokens; soft hyphens, joiners, ligatures, width and case fold away. */
const IGNORED = '\\u00AD\\u200B-\\u200D\\u2060\\uFEFF';
const ALONE = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const TOKEN = new RegExp(`[${ALONE}]\\p{M}*|(?:(?![${ALONE}])\\p{L}[\\p{M}${IGNORED}]*)+|(?:\\p{N}[${IGNORED}]*)+`, 'gu');
const DROP = new RegExp(`[${IGNORED}]`, 'gu');
const TAIL = /[^\s\p{L}\p{N}]/u;
const fold = s => (/^[\x21-\x7e]*$/.test(s) ? s : s.normalize('NFKC').replace(DROP, '')).toLowerCase();

/* A number for each different word. */
const numbering = (ids = new Map()) => word => ids.get(word) ?? (ids.set(word, ids.size), ids.size - 1);

const SKIPPED = new Set(('SCRIPT STYLE NOSCRIPT TEMPLATE NAV BUTTON SELECT TEXTAREA INPUT IFRAME OBJECT CANVAS AUDIO VIDEO DIALOG '
  + 'NARRATE-PLAYER svg').split(' '));
const INLINE = new Set(('A ABBR B BDI BDO BIG CITE CODE DATA DEL DFN EM FONT I INS KBD LABEL MARK NOBR Q RB RUBY S SAMP SMALL SPAN '
  + 'STRIKE STRONG SUB SUP TIME TT U VAR WBR').split(' '));

/* Adds the tokens under `root` to a page's parallel lists: id, and the text node and offset where each begins and ends. */
function* pageTokens(root, names, page) {
  const blocks = new Map();
  let text = '', parts = [], block = null;
  function* flush() {
    let p = 0;
    const found = new RegExp(TOKEN);
    for (let m, n = 1; (m = found.exec(text)); n++) {
      const end = m.index + m[0].length;
      while (p + 1 < parts.length && parts[p + 1][0] <= m.index) p++;
      let q = p;
      while (q + 1 < parts.length && parts[q + 1][0] < end) q++;
      page.id.push(names(fold(m[0])));
      page.from.push(parts[p][1]);
      page.fromAt.push(m.index - parts[p][0]);
      page.to.push(parts[q][1]);
      page.toAt.push(end - parts[q][0]);
      if (n % 200 === 0) yield;
    }
    text = '';
    parts = [];
  }
  const accept = node => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    if (SKIPPED.has(node.nodeName) || node.hidden) return NodeFilter.FILTER_REJECT;
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden') return NodeFilter.FILTER_REJECT;
    /* A floated first letter belongs to its word, a span shown as a block does not. */
    const inline = INLINE.has(node.nodeName)
      && (/^(inline|contents|ruby)/.test(style.display) || style.float !== 'none');
    blocks.set(node, inline ? blocks.get(node.parentNode) || root : node);
    return NodeFilter.FILTER_ACCEPT;
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, accept);
  for (let node = walker.nextNode(), n = 1; node; node = walker.nextNode(), n++) {
    if (n % 50 === 0) yield;
    const here = node.nodeType === Node.TEXT_NODE ? blocks.get(node.parentNode) || root : node.nodeName === 'BR' ? node : null;
    if (!here) continue;
    if (here !== block) yield* flush();
    block = here;
    if (node.nodeType !== Node.TEXT_NODE) continue;
    parts.push([text.length, page.nodes.length]);
    page.nodes.push(node);
    text += node.data;
  }
  yield* flush();
}

/* ---------------------------------------------------------------- finding them in a page */

/* Places where a run of n tokens is the same in both and unique in each, in the order of both: a chain of [i, j]. */
function* anchors(a, b, n, i0, i1, j0, j1) {
  const size = 2097152, key = (x, i) => n === 1 ? x[i] : n === 2 ? x[i] * size + x[i + 1] : (x[i] * 131071 + x[i + 1]) * size + x[i + 2];
  const inA = new Map(), inB = new Map();
  for (let i = i0; i + n <= i1; i++) {
    const k = key(a, i);
    inA.set(k, inA.has(k) ? -1 : i);
    if (i % 500 === 0) yield;
  }
  for (let j = j0; j + n <= j1; j++) {
    const k = key(b, j);
    if ((inA.get(k) ?? -1) >= 0) inB.set(k, inB.has(k) ? -1 : j);
    if (j % 500 === 0) yield;
  }
  const pairs = [];
  for (const [k, j] of inB) if (j >= 0) pairs.push([inA.get(k), j]);
  pairs.sort((x, y) => x[0] - y[0]);
  yield;
  /* The longest chain that rises in both: patience sorting. */
  const tops = [], before = [];
  for (let p = 0; p < pairs.length; p++) {
    let low = 0, high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tops[middle]][1] < pairs[p][1]) low = middle + 1; else high = middle;
    }
    before[p] = low ? tops[low - 1] : -1;
    tops[low] = p;
    if (p % 500 === 0) yield;
  }
  const chain = [];
  for (let p = tops.length ? tops[tops.length - 1] : -1; p >= 0; p = before[p]) chain.push(pairs[p]);
  return chain.reverse();
}

/* The best alignment of a small piece: a match counts 4, one that goes on counts 2 more, a word or two of difference
   costs 2, and a new start costs 5, so that a single word is not sought in the middle of something else. */
const START = 5, CELLS = 120000;
function* best(a, b, map, i0, i1, j0, j1, joined) {
  const rows = i1 - i0, columns = j1 - j0;
  if (!rows || !columns || rows * columns > CELLS) return;
  const none = -1e6, trace = new Uint8Array(rows * columns);
  let match1 = new Int32Array(columns + 2).fill(none), match2 = match1.slice(), gap1 = new Int32Array(columns + 2);
  if (joined) match1[1] = 0;
  for (let i = 0; i < rows; i++) {
    const match = new Int32Array(columns + 2).fill(none), gap = new Int32Array(columns + 2);
    for (let j = 0; j < columns; j++) {
      const c = j + 2;
      let how = 0;
      if (a[i0 + i] === b[j0 + j]) {
        const ways = [gap1[c - 1] - START, match1[c - 1] + 2, match2[c - 2] - 2, match1[c - 2] - 2, match2[c - 1] - 2];
        for (let w = 1; w < 5; w++) if (ways[w] > ways[how]) how = w;
        match[c] = ways[how] + 4;
      }
      let from = 0;
      gap[c] = gap1[c];
      if (gap[c - 1] > gap[c]) { gap[c] = gap[c - 1]; from = 1; }
      if (match[c] > gap[c]) { gap[c] = match[c]; from = 2; }
      trace[i * columns + j] = how | from << 4;
    }
    match2 = match1; match1 = match; gap1 = gap;
    yield;
  }
  let i = rows - 1, j = columns - 1, inMatch = false;
  while (i >= 0 && j >= 0) {
    const t = trace[i * columns + j], from = t >> 4;
    if (!inMatch && from !== 2) { if (from) j--; else i--; continue; }
    map[i0 + i] = j0 + j;
    const how = t & 15;
    inMatch = how !== 0;
    i -= how === 2 || how === 4 ? 2 : 1;
    j -= how === 2 || how === 3 ? 2 : 1;
  }
}

/* Aligns a[i0, i1) with b[j0, j1) into map. `left` and `right` say whether that side stands next to something aligned. */
function* piece(a, b, map, n, i0, i1, j0, j1, left, right) {
  if (left) for (; i0 < i1 && j0 < j1 && a[i0] === b[j0]; i0++, j0++) map[i0] = j0;
  if (right) for (; i0 < i1 && j0 < j1 && a[i1 - 1] === b[j1 - 1]; ) map[--i1] = --j1;
  if (i0 >= i1 || j0 >= j1) return;
  if ((i1 - i0) * (j1 - j0) > 20000 && n > 0) {
    const chain = yield* anchors(a, b, n, i0, i1, j0, j1);
    let i = i0, j = j0, close = left;
    for (const [ai, bj] of chain) {
      if (ai < i || bj < j) continue;
      yield* piece(a, b, map, n - 1, i, ai, j, bj, close, true);
      for (let k = 0; k < n; k++) map[ai + k] = bj + k;
      i = ai + n; j = bj + n; close = true;
    }
    yield* piece(a, b, map, n - 1, i, i1, j, j1, close, right);
    return;
  }
  /* What is left is looked for near what is aligned, never all over the page. */
  const reach = (i1 - i0) * 3 + 60;
  if (j1 - j0 > 2 * reach) {
    if (right) yield* best(a, b, map, i0, i1, j1 - reach, j1, false);
    else if (left) yield* best(a, b, map, i0, i1, j0, j0 + reach, true);
  } else yield* best(a, b, map, i0, i1, j0, j1, left);
}

/* Sentences that stand elsewhere in the page than in the narration (a caption, a byline): each is looked for by its
   words in all that is not taken. */
function* strays(a, b, map, first) {
  const taken = new Uint8Array(b.length), places = new Map(), lost = [];
  for (const j of map) if (j >= 0) taken[j] = 1;
  for (let s = 0; s + 1 < first.length; s++) {
    let found = 0;
    for (let i = first[s]; i < first[s + 1]; i++) found += map[i] >= 0;
    if (found * 2 >= first[s + 1] - first[s]) continue;
    lost.push(s);
    for (let i = first[s]; i < first[s + 1]; i++) places.set(a[i], []);
    if (s % 100 === 0) yield;
  }
  for (let j = 0; j < b.length && lost.length; j++) {
    const list = places.get(b[j]);
    if (list && !taken[j] && list.length < 60) list.push(j);
    if (j % 500 === 0) yield;
  }
  for (const s of lost) {
    const i0 = first[s], length = first[s + 1] - i0, spots = [];
    for (const k of new Set(a.slice(i0, first[s + 1]))) spots.push(...places.get(k).filter(j => !taken[j]));
    spots.sort((x, y) => x - y);
    let from = 0, most = 0, at = 0;
    for (let to = 0; to < spots.length; to++) {
      while (spots[to] - spots[from] > length * 1.3 + 3) from++;
      if (to - from + 1 > most) { most = to - from + 1; at = from; }
    }
    yield;
    if (!most || most < length * 0.6) continue;
    const j0 = Math.max(0, spots[at] - 2), j1 = Math.min(b.length, spots[at] + Math.ceil(length * 1.5) + 6);
    const window = b.slice(j0, j1).map((id, k) => taken[j0 + k] ? -1 : id), trial = new Int32Array(length).fill(-1);
    yield* best(a.slice(i0, i0 + length), window, trial, 0, length, 0, window.length, length === 1);
    const count = trial.filter(j => j >= 0).length;
    if (count < length * 0.6) continue;
    for (let i = 0; i < length; i++) {
      map[i0 + i] = trial[i] < 0 ? -1 : trial[i] + j0;
      if (trial[i] >= 0) taken[trial[i] + j0] = 1;
    }
  }
}

/* Where the sentences of an article stand in a page. */
class Places {
  static *find(article, roots) {
    const names = numbering(), a = [], begin = [], end = [], first = [];
    for (const sentence of article.sentences) {
      first.push(a.length);
      for (const m of sentence.text.matchAll(TOKEN)) {
        a.push(names(fold(m[0])));
        begin.push(m.index);
        end.push(m.index + m[0].length);
      }
      if (first.length % 20 === 0) yield;
    }
    first.push(a.length);
    const page = {nodes: [], id: [], from: [], fromAt: [], to: [], toAt: []};
    for (const root of roots) yield* pageTokens(root, names, page);
    const map = new Int32Array(a.length).fill(-1);
    yield* piece(a, page.id, map, 3, 0, a.length, 0, page.id.length, false, false);
    yield* strays(a, page.id, map, first);
    const back = new Int32Array(page.id.length).fill(-1);
    for (let i = 0; i < map.length; i++) if (map[i] >= 0) back[map[i]] = i;
    const places = new Places();
    Object.assign(places, {article, page, begin, end, first, map, back});
    let found = 0, total = 0;
    for (let w = 0; w < article.words.length; w++) {
      const [i0, i1] = places.tokens(w);
      if (i0 < i1) total++;
      for (let i = i0; i < i1; i++) if (map[i] >= 0) { found++; break; }
      if (w % 200 === 0) yield;
    }
    places.coverage = {words: total, found};
    return places;
  }

  /* The tokens of word w. */
  tokens(w) {
    const {sentence, from, to} = this.article.words[w];
    let i0 = this.first[sentence];
    const last = this.first[sentence + 1];
    while (i0 < last && this.end[i0] <= from) i0++;
    let i1 = i0;
    while (i1 < last && this.begin[i1] < to) i1++;
    return [i0, i1];
  }

  /* From page token j to page token k, and up to `before` and `after` signs beside them in the same text, or, below 0,
     that many less of them. */
  #range(j, k, before, after) {
    const {nodes, from, fromAt, to, toAt} = this.page, range = document.createRange();
    const start = nodes[from[j]], stop = nodes[to[k]];
    if (!start.isConnected || !stop.isConnected) return null;
    let s = fromAt[j] - Math.min(0, before), e = toAt[k] + Math.min(0, after);
    while (before-- > 0 && s > 0 && TAIL.test(start.data[s - 1])) s--;
    while (after-- > 0 && e < stop.length && TAIL.test(stop.data[e])) e++;
    try {
      range.setStart(start, s);
      range.setEnd(stop, e);
    } catch { return null; }
    return range;
  }

  /* The range of word w in the page, or null. */
  word(w) {
    const [i0, i1] = this.tokens(w), {from, to, sentence} = this.article.words[w];
    let first = -1, last = -1;
    for (let i = i0; i < i1; i++) if (this.map[i] >= 0) {
      if (first < 0) first = i;
      if (last < 0 || this.map[i] - this.map[last] <= i - last + 2) last = i;
    }
    const {text} = this.article.sentences[sentence], {length} = text;
    if (i0 === i1) return this.#sign(text.slice(from, to), this.begin[i0] === to ? i0 : -1, this.end[i0 - 1] === from ? i0 - 1 : -1);
    if (first < 0) return null;
    /* A word may be a part of a token (a digit of a number), where the page has the token in one piece. */
    const part = (i, n) => {
      const j = this.map[i], {from: a, fromAt, to: b, toAt} = this.page;
      return n < 0 && (a[j] !== b[j] || toAt[j] - fromAt[j] !== this.end[i] - this.begin[i]) ? 0 : n;
    };
    return this.#range(this.map[first], this.map[last], first === i0 ? part(i0, this.begin[i0] - from) : 0,
      last === i1 - 1 ? part(last, Math.min(to, length) - this.end[last]) : 0);
  }

  /* A sign that is said but is no token ("£", "%"), right before one token or right behind another. */
  #sign(sign, on, behind) {
    const {nodes, from, fromAt, to, toAt} = this.page, j = this.map[on] ?? -1, k = this.map[behind] ?? -1;
    const [node, at] = j >= 0 ? [nodes[from[j]], fromAt[j] - sign.length] : k >= 0 ? [nodes[to[k]], toAt[k]] : [];
    if (!node?.isConnected || node.data.slice(Math.max(0, at), at + sign.length) !== sign) return null;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + sign.length);
    return range;
  }

  /* The ranges of sentence s: one for each stretch, so that an advertisement in its middle stays dark. */
  sentence(s) {
    const ranges = [];
    let from = -1, last = -1;
    const add = () => { const r = from >= 0 && this.#range(from, last, 3, 3); if (r) ranges.push(r); };
    for (let i = this.first[s]; i < this.first[s + 1]; i++) {
      const j = this.map[i];
      if (j < 0) continue;
      if (from >= 0 && j > last && j - last <= 4) last = j;
      else { add(); from = last = j; }
    }
    add();
    return ranges;
  }

  /* The word at a place in the page's text, or the first word of the sentence around it, or -1. */
  at(node, offset, x, y) {
    const {page, back, article} = this, n = page.nodes.indexOf(node);
    if (n < 0) return -1;
    let low = 0, high = page.id.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (page.from[middle] < n || (page.from[middle] === n && page.fromAt[middle] <= offset)) low = middle + 1; else high = middle;
    }
    for (let j = Math.max(0, low - 1), k = j; k >= 0 && j - k < 12; k--) {
      if (back[k] < 0) continue;
      const range = this.#range(k, k === j ? j : Math.min(low, page.id.length - 1), 1, 1);
      const hit = range && [...range.getClientRects()].some(r => x >= r.left - 6 && x <= r.right + 6 && y >= r.top - 3 && y <= r.bottom + 3);
      if (!hit) return -1;
      const i = back[k], s = this.first.findLastIndex(f => f <= i);
      const {firstWord, endWord} = article.sentences[s];
      if (k === j) {
        for (let w = firstWord; w < endWord; w++) {
          const word = article.words[w];
          if (word.from < this.end[i] && word.to > this.begin[i]) return w;
        }
      }
      return firstWord < endWord ? firstWord : -1;
    }
    return -1;
  }
}

/* ---------------------------------------------------------------- the article */

/* An address that may be fetched or linked to, absolute, or null: never javascript: and its like. */
function address(value, base, protocols = ['http:', 'https:', 'file:', 'blob:']) {
  if (typeof value !== 'string' || !value) return null;
  try {
    const url = new URL(value, base);
    return protocols.includes(url.protocol) ? url.href : null;
  } catch { return null; }
}
const string = value => (typeof value === 'string' ? value : '');
const list = value => (Array.isArray(value) ? value : []);

/* article.json as the player uses it: addresses absolute, the words of all sentences in one list in order of time. */
function* readArticle(data, base) {
  if (!data || typeof data !== 'object') throw new TypeError('article.json holds no object');
  const article = {
    title: string(data.title), author: string(data.author), publisher: string(data.publisher), language: string(data.language),
    direction: data.direction === 'rtl' ? 'rtl' : 'ltr', url: address(data.url, base), image: address(data.image, base),
    duration: Number(data.duration) || 0, chapters: [], sentences: [], words: [],
    audio: list(data.audio).map(a => ({type: string(a?.type), src: address(a?.src, base, ['http:', 'https:', 'file:', 'blob:', 'data:'])}))
      .filter(a => a.src),
    transcript: address(data.transcript, base), feed: address(data.feed, base), blocks: list(data.blocks),
  };
  for (const c of list(data.chapters)) {
    if (Number.isFinite(c?.start)) article.chapters.push({start: c.start, title: string(c.title)});
  }
  for (const s of list(data.sentences)) {
    const sentence = {block: s?.block | 0, start: Number(s?.start) || 0, end: Number(s?.end) || 0, text: string(s?.text)};
    const index = article.sentences.length, flat = list(s?.words);
    sentence.firstWord = article.words.length;
    for (let w = 0; w + 3 < flat.length; w += 4) {
      article.words.push({sentence: index, from: flat[w], to: flat[w + 1], start: flat[w + 2], end: flat[w + 3]});
    }
    sentence.endWord = article.words.length;
    article.sentences.push(sentence);
    if (index % 100 === 0) yield;
  }
  if (!article.duration && article.sentences.length) article.duration = article.sentences[article.sentences.length - 1].end / 1000;
  return article;
}
/* The last of a list, in order of `start`, that has begun at t; -1 before the first. */
function begun(items, t, low = 0, high = items.length) {
  const from = low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start <= t) low = middle + 1; else high = middle;
  }
  return low > from ? low - 1 : -1;
}

/* ---------------------------------------------------------------- memory */

/* In localStorage, where there is one: the settings of all players, and where the reader left the last articles. */
const memory = {
  read(key, otherwise) {
    try { return JSON.parse(localStorage.getItem(`narrate:${key}`)) ?? otherwise; } catch { return otherwise; }
  },
  write(key, value) {
    try { localStorage.setItem(`narrate:${key}`, JSON.stringify(value)); } catch { /* full, or not allowed: then not */ }
  },
  place(article) { return Number(this.read('places', {})[article]?.[0]) || 0; },
  keep(article, seconds) {
    const places = this.read('places', {});
    delete places[article];
    const kept = Object.entries(places).slice(-49);
    if (seconds > 0) kept.push([article, [Math.round(seconds * 10) / 10]]);
    this.write('places', Object.fromEntries(kept));
  },
};
const settings = {rate: 1, volume: 1, follow: true, light: true, click: true, captions: false, ...memory.read('settings', {})};
const set = (name, value) => { settings[name] = value; memory.write('settings', settings); };

/* ---------------------------------------------------------------- the element */

const players = new Set();
let current = null;
const canLight = typeof Highlight === 'function' && globalThis.CSS?.highlights;
const still = matchMedia('(prefers-reduced-motion: reduce)'), forced = matchMedia('(forced-colors: active)');
/* "83", "1:23" or "1:02:03" behind t= in the address, in seconds; null without. */
function askedTime() {
  const fields = new URLSearchParams(location.hash.slice(1)), t = fields.get('t');
  if (!t || !/^(\d+:){0,2}\d+(\.\d+)?s?$/.test(t)) return null;
  return {id: fields.get('player'), time: t.split(':').reduce((sum, part) => sum * 60 + parseFloat(part), 0)};
}

class NarratePlayer extends HTMLElement {
  static observedAttributes = ['src'];

  #parts = {};
  #audio = h('audio', {preload: 'none'});
  #article = null;
  #places = null;
  #key = '';
  #queue = [];
  #loading = 0;
  #finding = 0;
  #foundAt = 0;
  #started = false;
  #closed = false;
  #inView = true;
  #word = -1;
  #sentence = -1;
  #second = -1;
  #saved = 0;
  #timer = 0;
  #sleep = 0;
  #stopAt = Infinity;
  #following = true;
  #touched = -Infinity;
  #own = true;
  #ready = null;
  #say = STRINGS.en;
  #lang = 'en';
  #unlisten = null;
  #watch = null;

  connectedCallback() {
    players.add(this);
    if (!this.shadowRoot) this.#build();
    this.#listen();
    if (!this.#article && !this.#loading) this.#begin();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.pause();
      this.#unlisten.abort();
      this.#watch.disconnect();
      clearTimeout(this.#sleep);
      players.delete(this);
      if (current === this) current = null;
    });
  }

  attributeChangedCallback(name, before, after) {
    if (this.shadowRoot && this.isConnected && before !== after && after) this.load(after);
  }

  /* ------------------------------------------------ for the page */

  get article() { return this.#article; }
  get ready() { return this.#ready; }
  get paused() { return this.#audio.paused; }
  get duration() { return Number.isFinite(this.#audio.duration) ? this.#audio.duration : this.#article?.duration || 0; }
  get currentTime() { return this.#audio.currentTime; }
  set currentTime(t) { this.seek(t); }
  get rate() { return settings.rate; }
  set rate(rate) {
    rate = Math.min(3, Math.max(0.5, Number(rate) || 1));
    set('rate', rate);
    for (const player of players) player.#paceChanged();
    this.#tell('rate', {rate});
  }
  get volume() { return this.#audio.volume; }
  set volume(volume) {
    set('volume', Math.min(1, Math.max(0, volume)));
    for (const player of players) { player.#audio.volume = settings.volume; player.#audio.muted = false; }
  }
  get muted() { return this.#audio.muted; }
  set muted(muted) { this.#audio.muted = Boolean(muted); }
  /* {words, found}: of the narrated words, how many stand in the page's text; null while that is being looked into. */
  get coverage() { return this.#places?.coverage ?? null; }
  /* What is lit: {sentence, word, text, start, end, range}, times in seconds; null before the start. */
  get currentWord() {
    const word = this.#article?.words[this.#word];
    if (!word) return null;
    return {sentence: word.sentence, word: this.#word, text: this.#article.sentences[word.sentence].text.slice(word.from, word.to),
      start: word.start / 1000, end: word.end / 1000, range: this.#places?.word(this.#word) ?? null};
  }
  get queue() { return [...this.#queue]; }
  enqueue(...sources) {
    for (const source of sources) this.#queue.push(new URL(source, document.baseURI).href);
    this.#panelQueue();
    this.#tell('queue', {queue: this.queue});
  }

  async play() {
    await this.#ready;
    if (!this.#article) return;
    for (const other of players) if (other !== this) other.pause();
    const first = !this.#started;
    if (current !== this) current?.#dark();
    current = this;
    this.#started = true;
    this.#closed = false;
    this.#following = true;
    this.#paceChanged();
    if (first) this.#opened();
    if (this.#audio.currentTime >= this.duration - 0.3 && this.duration) this.#audio.currentTime = 0;
    this.#session();
    try { await this.#audio.play(); } catch (error) {
      if (error.name !== 'AbortError') { this.#shown(); this.#tell('error', {error}); }
    }
  }
  pause() { this.#audio.pause(); }
  toggle() { return this.paused ? this.play() : this.pause(); }
  seek(seconds) {
    this.#audio.currentTime = Math.min(Math.max(0, seconds), Math.max(0, this.duration - 0.05));
    this.#following = true;
    this.#touched = -Infinity;
    this.#tick();
    this.#tell('seek', {time: this.#audio.currentTime});
  }
  skip(seconds) { this.seek(this.#audio.currentTime + seconds); }
  /* On by n sentences; back goes to the start of this one first, if it has been going for more than a second and a half. */
  sentence(n) {
    const {sentences} = this.#article ?? {sentences: []};
    if (sentences.length) this.#toStart(sentences, n, s => s);
  }
  paragraph(n) {
    if (!this.#article?.sentences.length) return;
    const starts = this.#article.sentences.filter((s, i, all) => !i || all[i - 1].block !== s.block);
    this.#toStart(starts, n);
  }
  #toStart(items, n) {
    const t = this.#audio.currentTime * 1000, here = Math.max(0, begun(items, t + 1));
    const there = n < 0 && t - items[here].start > 1500 ? here + n + 1 : here + n;
    if (there >= items.length) this.seek(this.duration);
    else this.seek(items[Math.max(0, there)].start / 1000 + 0.001);
  }

  /* Another article in this player; resolves when it can be played. */
  load(source) {
    this.pause();
    this.#ready = this.#load(source);
    return this.#ready;
  }

  /* ------------------------------------------------ loading */

  #begin() {
    const start = () => {
      this.enqueue(...(this.getAttribute('queue') || '').split(/\s+/).filter(Boolean));
      this.load(this.getAttribute('src'));
    };
    /* Its JSON may stand inside it and not be parsed yet. */
    if (!this.getAttribute('src') && document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', start, {once: true, signal: this.#unlisten.signal});
    } else start();
  }

  async #load(source) {
    const turn = ++this.#loading, stale = () => turn !== this.#loading;
    this.#own = !this.#article || source === this.getAttribute('src');
    try {
      let data, base = document.baseURI;
      if (source) {
        const answer = await fetch(new URL(source, base));
        if (!answer.ok) throw new Error(`${answer.status} ${source}`);
        base = answer.url || new URL(source, base).href;
        data = await answer.json();
      } else data = JSON.parse(this.querySelector('script[type="application/json"]')?.textContent ?? 'null');
      const article = await inSlices(readArticle(data, base), stale);
      if (!article || stale()) return;
      this.#article = article;
      this.#key = article.url || (source ? base : location.origin + location.pathname);
    } catch (error) {
      if (!stale()) this.#failed(error);
      return;
    }
    this.#dark();
    this.#places = null;
    this.#word = this.#sentence = this.#second = -1;
    this.#audio.replaceChildren(...this.#article.audio.map(a => h('source', {src: a.src, type: a.type || null})));
    this.#audio.load();
    this.#setUp();
    const asked = this.#asked(), left = this.#own ? memory.place(this.#key) : 0;
    const from = asked ?? (left > 5 && left < this.duration - 10 ? left : 0);
    if (from) this.#audio.currentTime = from;
    this.#shown();
    this.#tick();
    this.#tell('ready', {article: this.#article});
    this.#look();
  }

  #failed(error) {
    this.#parts.section.hidden = true;
    this.#parts.fallback.hidden = false;
    this.#tell('error', {error});
  }

  /* Finds the words in the page, in the background. */
  async #look() {
    const turn = ++this.#finding, article = this.#article, stale = () => turn !== this.#finding || article !== this.#article;
    this.#foundAt = now();
    await nextTask();
    const root = this.getAttribute('for') ? document.getElementById(this.getAttribute('for')) : document.body;
    const marked = root ? [...root.querySelectorAll('[data-narrate-block]')] : [];
    const roots = marked.length ? marked.filter(el => !el.parentElement.closest('[data-narrate-block]')) : [root];
    if (stale() || !root) return;
    const places = await inSlices(Places.find(article, roots), stale);
    if (!places || stale()) return;
    this.#places = places;
    this.#word = this.#sentence = -1;
    if (current === this) this.#tick();
    this.#captionShown();
    this.#tell('match', places.coverage);
  }

  /* The time that the page's address asks of this player. */
  #asked() {
    const asked = askedTime();
    if (!asked || !this.#own) return null;
    const mine = asked.id ? asked.id === this.id : this === document.querySelector('narrate-player');
    return mine ? Math.min(asked.time, Math.max(0, this.duration - 1)) : null;
  }

  /* ------------------------------------------------ drawing it */

  #build() {
    const tag = (this.closest('[lang]')?.lang || navigator.language || 'en').toLowerCase();
    this.#lang = Object.keys(STRINGS).find(l => tag === l || tag.startsWith(`${l}-`)) || 'en';
    const say = this.#say = STRINGS[this.#lang], p = this.#parts;
    ownSheet ??= sheet(STYLE);
    const root = this.attachShadow({mode: 'open'});
    root.adoptedStyleSheets = [ownSheet];
    const key = (name, click, more) => h('button', {type: 'button', class: 'key', part: 'button', 'aria-label': say[name],
      title: say[name], onclick: click, ...more}, icon(ICONS[name] ? name : 'more'));
    const go = () => h('button', {type: 'button', class: 'go', part: 'play', onclick: () => this.toggle()}, icon('play'));
    p.go = go();
    p.label = h('span', {class: 'label', part: 'label'}, say.listen);
    p.sub = h('span', {class: 'sub', part: 'sub'});
    p.name = h('span', {class: 'name'}, p.label, p.sub);
    p.name.addEventListener('click', () => { if (!this.#started) this.play(); });
    p.done = h('div', {class: 'done'});
    p.rail = h('div', {class: 'rail', part: 'rail'}, p.done);
    p.range = h('input', {type: 'range', min: 0, step: 'any', 'aria-label': say.position});
    p.preview = h('div', {class: 'preview', part: 'preview', hidden: true}, h('b'), h('span'));
    p.seek = h('div', {class: 'seek', part: 'seek'}, p.rail, h('div', {class: 'knob'}), p.range, p.preview);
    p.at = h('span');
    p.left = h('span');
    p.pace = h('button', {type: 'button', class: 'key pace', part: 'button', title: say.speed});
    p.mute = key('volume', () => { this.muted = !this.muted; });
    p.loud = h('input', {type: 'range', class: 'loud', min: 0, max: 1, step: 0.05, 'aria-label': say.volume,
      oninput: () => { this.volume = Number(p.loud.value); }});
    p.list = key('chapters');
    p.more = key('more');
    p.caption = h('p', {class: 'caption', part: 'caption', hidden: true});
    p.said = h('span', {class: 'said', role: 'status'});
    this.#panels();
    p.miniGo = go();
    p.miniLabel = h('div', {class: 'label'});
    p.miniSub = h('div', {class: 'sub'});
    p.miniPace = h('button', {type: 'button', class: 'key pace', title: say.speed, onclick: () => this.#pace(1, true)});
    p.return = h('button', {type: 'button', class: 'return', part: 'return', hidden: true, onclick: () => this.#return()},
      icon('return'), say.return);
    p.miniLine = h('div', {class: 'line'}, h('div', {class: 'done'}));
    const skip = (name, n) => key(name, () => this.skip(n), {class: 'key skip'});
    p.mini = h('div', {class: 'mini', part: 'mini', role: 'group', 'aria-label': say.mini, hidden: true}, p.miniLine, p.return,
      h('div', {class: 'bar'}, p.miniGo, h('div', {class: 'name'}, p.miniLabel, p.miniSub), skip('back', -15), skip('forward', 15),
        p.miniPace, key('close', () => { this.pause(); this.#closed = true; this.#miniShown(); })));
    if (p.mini.showPopover) p.mini.popover = 'manual';
    p.card = h('div', {class: 'card idle', part: 'player'}, h('div', {class: 'head'}, p.go, p.name), p.seek,
      h('div', {class: 'times'}, p.at, p.left),
      h('div', {class: 'row'},
        h('div', {class: 'set'}, key('paragraphBack', () => this.paragraph(-1)), key('sentenceBack', () => this.sentence(-1)),
          key('back', () => this.skip(-15)), key('forward', () => this.skip(15)), key('sentenceOn', () => this.sentence(1)),
          key('paragraphOn', () => this.paragraph(1))),
        h('div', {class: 'set'}, p.pace, p.mute, p.loud, p.list, p.more)),
      p.caption, p.paces, p.chapters, p.options);
    p.section = h('section', {}, p.card, p.said, p.mini);
    p.fallback = h('div', {hidden: true}, h('slot'));
    root.append(p.section, p.fallback, this.#audio);
  }

  /* The panels below the controls: speed, chapters, more. Each opens in place, so that no page can cut it off. */
  #panels() {
    const p = this.#parts, say = this.#say;
    p.chips = h('div', {class: 'chips'}, ...SPEEDS.map(rate => h('label', {class: 'chip'},
      h('input', {type: 'radio', name: 'pace', value: rate, onchange: () => { this.rate = rate; }}),
      `${rate.toLocaleString(this.#lang)}×`)));
    p.paces = h('div', {class: 'panel', id: 'paces', hidden: true},
      h('fieldset', {}, h('legend', {}, say.speed), p.chips));
    p.chapterList = h('ol');
    p.chapters = h('div', {class: 'panel', id: 'chapters', hidden: true}, h('b', {}, say.chapters), p.chapterList);
    const toggle = name => h('label', {class: 'item'}, h('input', {type: 'checkbox', name, onchange: e => {
      set(name, e.target.checked);
      for (const player of players) player.#settled();
    }}), say[name]);
    p.sleep = h('select', {onchange: () => this.#sleepSet(p.sleep.value)});
    p.link = h('input', {class: 'address', readonly: true, 'aria-label': say.share, hidden: true});
    const link = (name, more) => h('a', {class: 'item', ...more}, icon(name), say[name]);
    const act = (name, click) => h('button', {type: 'button', class: 'item', onclick: click}, icon(name), say[name]);
    p.download = link('download', {download: ''});
    p.transcript = link('transcript');
    p.feed = link('feed');
    p.queueList = h('ol');
    p.queue = h('div', {hidden: true}, h('b', {}, say.queue), p.queueList);
    const keys = [['K', 'play', 'pause'], ['J L ← →', 'back', 'forward'], ['S ⇧S', 'sentenceOn', 'sentenceBack'],
      ['P ⇧P', 'paragraphOn', 'paragraphBack'], ['− +', 'speed'], ['M', 'mute']];
    p.options = h('div', {class: 'panel', id: 'options', hidden: true},
      p.queue,
      h('div', {class: 'grid'}, toggle('follow'), canLight ? toggle('light') : null, toggle('click'), toggle('captions'),
        h('label', {class: 'item wrap'}, say.sleep, p.sleep)),
      h('div', {class: 'grid'}, act('share', () => this.#share()), act('restart', () => this.seek(0)), p.download, p.transcript, p.feed),
      p.link, h('p', {class: 'note'}, `${say.keys}:`),
      h('dl', {}, ...keys.flatMap(([signs, ...names]) => [h('dt', {}, ...signs.split(' ').map(k => h('kbd', {}, k))),
        h('dd', {}, names.map(name => say[name]).join(' / '))])));
    p.panes = [[p.pace, p.paces], [p.list, p.chapters], [p.more, p.options]];
    for (const [button, panel] of p.panes) {
      button.setAttribute('aria-expanded', 'false');
      button.setAttribute('aria-controls', panel.id);
      button.addEventListener('click', () => this.#panel(panel.hidden ? panel : null));
    }
  }

  #panel(open) {
    const p = this.#parts;
    for (const [button, panel] of p.panes) {
      panel.hidden = panel !== open;
      button.setAttribute('aria-expanded', String(panel === open));
    }
    p.link.hidden = true;
    if (open === p.options) this.#panelQueue();
  }

  /* What depends on the article. */
  #setUp() {
    const p = this.#parts, a = this.#article, say = this.#say;
    p.section.hidden = false;
    p.fallback.hidden = true;
    p.section.setAttribute('aria-label', a.title ? `${say.listen}: ${a.title}` : say.listen);
    p.range.max = this.duration;
    for (const el of [p.caption, p.preview.lastChild, p.chapterList, p.miniLabel]) {
      if (a.language) el.lang = a.language;
      el.dir = a.direction;
    }
    p.rail.replaceChildren(p.done, ...a.chapters.slice(1).map(c => {
      const tick = h('div', {class: 'tick'});
      tick.style.setProperty('--x', c.start / this.duration);
      return tick;
    }));
    p.list.hidden = a.chapters.length < 2;
    p.chapterList.replaceChildren(...a.chapters.map(c => h('li', {},
      h('button', {type: 'button', class: 'item', onclick: () => this.seek(c.start + 0.001)}, h('time', {}, clock(c.start)), c.title))));
    const file = a.audio.find(s => s.type.includes('mpeg')) || a.audio[0];
    for (const [el, href] of [[p.download, file?.src], [p.transcript, a.transcript], [p.feed, a.feed]]) {
      el.hidden = !href;
      if (href) el.href = href;
    }
    const times = [['', say.off], ...[5, 15, 30, 45, 60].map(n => [n, unit(this.#lang, 'minute', n)])];
    if (a.chapters.length > 1) times.push(['chapter', say.chapterEnd]);
    times.push(['article', say.articleEnd]);
    p.sleep.replaceChildren(...times.map(([value, text]) => h('option', {value}, text)));
    p.miniLabel.textContent = a.title || say.listen;
    if (!this.#own) p.label.textContent = a.title || say.listen;
    this.#panel(null);
    this.#settled();
    this.#paceChanged();
    if (this.hasAttribute('expanded')) this.#opened();
  }

  #opened() { this.#parts.card.classList.remove('idle'); this.#shown(); }

  /* What the settings of all players are, shown. */
  #settled() {
    for (const box of this.#parts.options.querySelectorAll('input[type=checkbox]')) box.checked = Boolean(settings[box.name]);
    this.#captionShown();
    this.#word = this.#sentence = -1;
    if (current === this) { if (!settings.light) this.#dark(); this.#tick(); }
  }

  #paceChanged() {
    const p = this.#parts, rate = settings.rate, name = `${rate.toLocaleString(this.#lang)}×`;
    this.#audio.preservesPitch = true;
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = rate;
    for (const button of [p.pace, p.miniPace]) {
      button.textContent = name;
      button.setAttribute('aria-label', `${this.#say.speed}: ${name}`);
    }
    for (const chip of p.chips.querySelectorAll('input')) chip.checked = Number(chip.value) === rate;
    this.#second = -1;
    this.#tick();
  }
  #pace(step, round) {
    const at = SPEEDS.findLastIndex(s => s <= settings.rate + 0.001) + step;
    this.rate = SPEEDS[round ? at % SPEEDS.length : Math.min(SPEEDS.length - 1, Math.max(0, at))];
    this.#announce(`${this.#say.speed}: ${settings.rate.toLocaleString(this.#lang)}×`);
  }

  /* Play or pause, as text and picture. */
  #shown() {
    const p = this.#parts, say = this.#say, playing = !this.#audio.paused;
    for (const button of [p.go, p.miniGo]) {
      const name = playing ? 'pause' : 'play', words = this.#started ? say[name] : `${say.play}: ${this.#article?.title || say.listen}`;
      draw(button.firstChild, name);
      button.setAttribute('aria-label', words);
      button.title = say[name];
    }
    if (this.#own) p.label.textContent = !this.#started && this.#audio.currentTime > 1 ? say.resume : say.listen;
    const muted = this.#audio.muted || !this.#audio.volume;
    draw(p.mute.firstChild, muted ? 'muted' : 'volume');
    p.mute.title = muted ? say.unmute : say.mute;
    p.mute.setAttribute('aria-label', p.mute.title);
    p.loud.value = this.#audio.volume;
    this.#miniShown();
  }

  #miniShown() {
    const p = this.#parts, lost = !this.#following && !this.#audio.paused && this.#sentence >= 0 && settings.follow && current === this;
    const show = this.#started && !this.#closed && current === this && (!this.#inView || lost);
    p.return.hidden = !lost;
    p.return.classList.toggle('up', lost && this.#spot()?.getBoundingClientRect().top < 0);
    /* While the player itself is seen, only the way back. */
    p.mini.classList.toggle('only', this.#inView);
    if (show === !p.mini.hidden) return;
    const focused = p.mini.contains(this.shadowRoot.activeElement);
    p.mini.hidden = !show;
    if (p.mini.popover) { if (show) p.mini.showPopover(); else if (p.mini.matches(':popover-open')) p.mini.hidePopover(); }
    if (!show && focused) p.go.focus({preventScroll: true});
    roomSheet?.replaceSync(show ? ROOM : '');
  }

  #announce(text) { this.#parts.said.textContent = text; }

  /* ------------------------------------------------ time */

  #tick() {
    clearTimeout(this.#timer);
    const a = this.#article;
    if (!a) return;
    const audio = this.#audio, seconds = audio.currentTime, t = seconds * 1000;
    const w = begun(a.words, t), s = begun(a.sentences, t);
    if (this.#started) this.#follow(w >= 0 && t < a.words[w].end && a.words[w].sentence === s ? w : -1, s);
    this.#clock(seconds);
    if (audio.paused) return;
    if (seconds >= this.#stopAt) { this.#asleep(); return; }
    if (now() - this.#saved > 5000) this.#save();
    const next = Math.min(a.words[w + 1]?.start ?? Infinity, w >= 0 && a.words[w].end > t ? a.words[w].end : Infinity);
    this.#timer = setTimeout(() => this.#tick(), Math.min(200, Math.max(4, (next - t) / audio.playbackRate + 1)));
  }

  #clock(seconds) {
    const p = this.#parts, duration = this.duration || 1, part = Math.min(1, seconds / duration);
    p.seek.style.setProperty('--p', part);
    p.miniLine.style.setProperty('--p', part);
    const second = Math.floor(seconds);
    if (second === this.#second) return;
    this.#second = second;
    const left = (duration - seconds) / settings.rate, minutes = unit(this.#lang, 'minute', Math.max(1, Math.round(left / 60)), 'short');
    p.at.textContent = clock(second);
    p.left.textContent = `−${clock(left)}`;
    const chapter = this.#article.chapters[begun(this.#article.chapters, seconds + 0.01)]?.title ?? '';
    const started = this.#started || seconds > 1;
    const sub = !started ? minutes : !this.#started ? this.#say.left.replace('{}', minutes) : chapter || this.#article.publisher;
    if (p.sub.textContent !== sub) p.sub.textContent = sub;
    p.miniSub.textContent = this.#say.left.replace('{}', clock(left));
    const now = begun(this.#article.chapters, seconds + 0.01);
    [...p.chapterList.children].forEach((li, i) => {
      if (i === now) li.firstChild.setAttribute('aria-current', 'true'); else li.firstChild.removeAttribute('aria-current');
    });
    /* A slider that has the focus is left alone while it plays, or a screen reader would say it every second. */
    if (this.shadowRoot.activeElement !== p.range || this.#audio.paused) this.#rangeShown();
  }
  #rangeShown() {
    const {range} = this.#parts;
    range.value = this.#audio.currentTime;
    range.setAttribute('aria-valuetext', `${spoken(this.#lang, this.#audio.currentTime)} / ${spoken(this.#lang, this.duration)}`);
  }

  #save() {
    this.#saved = now();
    if (!this.#started || !this.#key || this.getAttribute('resume') === 'off') return;
    const t = this.#audio.currentTime;
    memory.keep(this.#key, t < this.duration - 3 ? t : 0);
  }

  /* ------------------------------------------------ following the text */

  #follow(w, s) {
    if (w === this.#word && s === this.#sentence) return;
    const places = this.#places, a = this.#article, newSentence = s !== this.#sentence, newWord = w !== this.#word;
    this.#word = w;
    this.#sentence = s;
    let ranges = [], word = null;
    if (places && current === this) {
      word = w >= 0 ? places.word(w) : null;
      if (newSentence) {
        ranges = places.sentence(s);
        this.#again(ranges.length === 0 && s >= 0);
      }
      if (canLight && settings.light) {
        /* With forced colours all highlights are of one colour: then only the word. */
        if (newSentence) lit('narrate-sentence', 1, forced.matches ? [] : ranges);
        lit('narrate-word', 2, word ? [word] : []);
      }
    }
    this.#caption(w, s, newSentence);
    if (newSentence && s >= 0) this.#tell('sentence', {sentence: s, text: a.sentences[s].text, ranges});
    if (newWord && w >= 0) this.#tell('word', this.currentWord);
    if (!this.#audio.paused || newSentence) this.#scroll(word ?? ranges[0]);
  }

  #dark() {
    if (canLight) { lit('narrate-sentence', 1, []); lit('narrate-word', 2, []); }
    this.#word = this.#sentence = -1;
  }

  /* A sentence that is not there may have been put in or redrawn since: look again, now and then. */
  #again(missing) {
    if (missing && this.#own && now() - this.#foundAt > 10000) this.#look();
  }

  #caption(w, s, newSentence) {
    const {caption} = this.#parts, a = this.#article;
    if (caption.hidden || s < 0) return;
    const {text} = a.sentences[s], word = a.words[w];
    if (newSentence && !word) caption.textContent = text;
    else if (word) caption.replaceChildren(text.slice(0, word.from), h('mark', {}, text.slice(word.from, word.to)), text.slice(word.to));
  }
  /* Captions are shown if wanted, and where the words cannot be lit in the page. */
  #captionShown() {
    const {caption} = this.#parts, c = this.coverage;
    const show = settings.captions || this.#article?.sentences.length > 0 && (!canLight || (c && c.found < c.words / 2));
    if (show === !caption.hidden) return;
    caption.hidden = !show;
    if (this.#article) this.#caption(this.#word, this.#sentence, true);
  }

  #scroll(range) {
    if (!range || !settings.follow || !this.#following || this.#audio.paused && !this.#inView) return;
    const box = range.getBoundingClientRect(), height = innerHeight;
    if (!box.height || (box.top > height * 0.12 && box.bottom < height * 0.72)) return;
    const behavior = still.matches ? 'instant' : 'smooth';
    const page = document.scrollingElement ?? document.documentElement, {body} = document;
    let scroller = range.startContainer.parentElement;
    while (scroller && scroller !== body
      && !(scroller.scrollHeight > scroller.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) {
      scroller = scroller.parentElement;
    }
    if (!scroller || scroller === body) scroller = page.scrollHeight > page.clientHeight ? page : body;
    scroller.scrollBy({top: box.top - height * 0.3, behavior});
  }
  /* The reader scrolls: the text stays where the reader put it. */
  #leave(scroller) {
    if (current !== this || this.#audio.paused || !this.#following || !settings.follow) return;
    const spot = this.#spot();
    if (spot && !scroller.contains(spot.startContainer)) return;
    this.#following = false;
    this.#miniShown();
  }
  #return() {
    this.#following = true;
    this.#touched = -Infinity;
    this.#scroll(this.#spot());
    this.#miniShown();
    const {go, miniGo} = this.#parts;
    (miniGo.checkVisibility() ? miniGo : go).focus({preventScroll: true});
  }
  #spot() { return (this.#word >= 0 && this.#places?.word(this.#word)) || this.#places?.sentence(this.#sentence)[0]; }

  /* ------------------------------------------------ what happens */

  #listen() {
    const audio = this.#audio, p = this.#parts, root = this.shadowRoot;
    this.#unlisten?.abort();
    this.#watch?.disconnect();
    this.#unlisten = new AbortController();
    const {signal} = this.#unlisten, on = (target, types, f, more) =>
      types.split(' ').forEach(type => target.addEventListener(type, f, {signal, ...more}));
    audio.volume = settings.volume;
    on(audio, 'play pause volumechange', () => this.#shown());
    on(audio, 'playing seeked ratechange pause timeupdate', () => this.#tick());
    on(audio, 'play', () => this.#tell('play'));
    on(audio, 'pause', () => { this.#save(); this.#tell('pause'); });
    on(audio, 'ended', () => this.#ended());
    on(audio, 'loadedmetadata', () => { p.range.max = this.duration; });
    on(audio, 'play pause ratechange seeked loadedmetadata', () => this.#position());
    on(audio, 'error', () => this.#broken(), {capture: true});
    on(root, 'keydown', e => this.#keyed(e));
    on(p.range, 'keydown', e => this.#slid(e));
    on(p.range, 'input', () => { this.seek(Number(p.range.value)); this.#rangeShown(); });
    on(p.range, 'focus', () => this.#rangeShown());
    on(p.seek, 'pointermove', e => this.#preview(e));
    on(p.seek, 'pointerleave', () => { p.preview.hidden = true; });
    on(document, 'click', e => this.#clicked(e));
    /* What scrolls within a second of the reader's hand is the reader's doing. */
    on(document, 'wheel touchmove pointerdown keydown', e => {
      const scrolls = e.type !== 'keydown' || /^(Arrow(Up|Down)|Page(Up|Down)|Home|End| )$/.test(e.key);
      if (scrolls && !e.composedPath().includes(this)) this.#touched = now();
    }, {passive: true, capture: true});
    on(document, 'scroll', e => { if (now() - this.#touched < 1000) this.#leave(e.target); }, {passive: true, capture: true});
    on(window, 'hashchange', () => {
      const asked = this.#asked();
      if (asked == null || !this.#article) return;
      this.seek(asked);
      this.play();
    });
    on(window, 'pagehide', () => this.#save());
    on(document, 'visibilitychange', () => { if (document.hidden) this.#save(); else this.#tick(); });
    this.#watch = new IntersectionObserver(seen => {
      this.#inView = seen[seen.length - 1].isIntersecting;
      this.#miniShown();
    });
    this.#watch.observe(p.card);
    if (!pageSheet) {
      pageSheet = sheet(PAGE_STYLE);
      roomSheet = sheet('');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageSheet, roomSheet];
    }
  }

  #ended() {
    this.#save();
    this.#tell('end');
    this.#dark();
    this.#shown();
    this.#announce(this.#say.ended);
    const sleeping = this.#parts.sleep.value === 'article';
    if (sleeping) this.#sleepSet('');
    if (this.#queue.length && !sleeping) this.#next(this.#queue.shift());
  }
  async #next(source) {
    this.#tell('queue', {queue: this.queue});
    await this.load(source);
    this.play();
  }

  #broken() {
    const last = this.#audio.lastElementChild;
    if (this.#audio.error || this.#audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE || !last) {
      this.#parts.sub.textContent = this.#say.broken;
      this.#announce(this.#say.broken);
      this.#tell('error', {error: this.#audio.error ?? new Error('no source can be played')});
    }
  }

  #clicked(e) {
    const places = this.#places;
    if (current !== this || !places || !settings.click || e.defaultPrevented || e.button || e.detail !== 1) return;
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || !getSelection().isCollapsed) return;
    const target = e.composedPath()[0];
    if (target.closest?.('a[href], button, input, select, textarea, label, summary, audio, video, [contenteditable], [role=button], [onclick]')) return;
    const spot = document.caretPositionFromPoint?.(e.clientX, e.clientY);
    const old = spot ? null : document.caretRangeFromPoint?.(e.clientX, e.clientY);
    const node = spot?.offsetNode ?? old?.startContainer, offset = spot?.offset ?? old?.startOffset;
    const w = node?.nodeType === Node.TEXT_NODE ? places.at(node, offset, e.clientX, e.clientY) : -1;
    if (w < 0) return;
    this.seek(this.#article.words[w].start / 1000 + 0.001);
    this.play();
  }

  /* Keys of the player, only while it has the focus; none with Ctrl, Alt or Meta, and none that its control itself uses. */
  #keyed(e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented) return;
    const target = e.target, typing = target.matches?.('select, input:not([type=range], [type=checkbox])');
    if (e.key === 'Escape') {
      const open = this.#parts.panes.find(([, panel]) => !panel.hidden);
      if (!open) return;
      this.#panel(null);
      open[0].focus();
    } else if (typing) return;
    else if (/^Arrow(Left|Right)$/.test(e.key) && !target.matches?.('input')) this.skip(e.key === 'ArrowLeft' ? -15 : 15);
    else {
      const step = e.shiftKey ? -1 : 1, acts = {
        k: () => this.toggle(), j: () => this.skip(-15), l: () => this.skip(15), s: () => this.sentence(step), p: () => this.paragraph(step),
        m: () => { this.muted = !this.muted; }, '-': () => this.#pace(-1), '<': () => this.#pace(-1), '+': () => this.#pace(1), '>': () => this.#pace(1),
        '?': () => this.#panel(this.#parts.options),
      };
      const act = acts[e.key.toLowerCase()];
      if (!act || !this.#started && e.key !== 'k') return;
      act();
    }
    e.preventDefault();
  }
  #slid(e) {
    const by = {ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30}[e.key];
    if (e.ctrlKey || e.altKey || e.metaKey || by === undefined && e.key !== 'Home' && e.key !== 'End') return;
    e.preventDefault();
    if (by) this.skip(by); else this.seek(e.key === 'Home' ? 0 : this.duration);
    this.#rangeShown();
  }

  #preview(e) {
    const {preview, seek} = this.#parts, box = seek.getBoundingClientRect(), part = Math.min(1, Math.max(0, (e.clientX - box.left) / box.width));
    if (e.pointerType === 'touch' && !e.buttons) return;
    const seconds = part * this.duration, a = this.#article, chapter = a.chapters[begun(a.chapters, seconds)]?.title;
    seek.style.setProperty('--x', part);
    preview.firstChild.textContent = a.chapters.length > 1 && chapter ? `${clock(seconds)} · ${chapter}` : clock(seconds);
    preview.lastChild.textContent = a.sentences[begun(a.sentences, seconds * 1000)]?.text ?? '';
    preview.hidden = false;
  }

  async #share() {
    const {link} = this.#parts, here = this.#own ? location.href.replace(/#.*/, '') : this.#article.url || location.href.replace(/#.*/, '');
    const many = this.#own && this.id && players.size > 1 ? `&player=${encodeURIComponent(this.id)}` : '';
    link.value = `${here}#t=${Math.floor(this.#audio.currentTime)}${many}`;
    this.#tell('share', {url: link.value});
    try {
      await navigator.clipboard.writeText(link.value);
      this.#announce(this.#say.shared);
    } catch { /* not allowed here: it is shown to be copied by hand */ }
    link.hidden = false;
    link.focus();
    link.select();
  }

  /* '' (none), minutes, 'chapter' or 'article' */
  #sleepSet(value) {
    clearTimeout(this.#sleep);
    this.#stopAt = Infinity;
    this.#parts.sleep.value = value;
    if (Number(value)) this.#sleep = setTimeout(() => this.#asleep(), Number(value) * 60000);
    if (value === 'chapter') {
      const {chapters} = this.#article, next = chapters[begun(chapters, this.#audio.currentTime) + 1];
      if (next) this.#stopAt = next.start - 0.02; else this.#sleepSet('article');
    }
  }
  #asleep() {
    this.#sleepSet('');
    this.pause();
    this.#announce(this.#say.slept);
  }

  #panelQueue() {
    const {queue, queueList} = this.#parts;
    queue.hidden = !this.#queue.length;
    queueList.replaceChildren(...this.#queue.map((source, i) => {
      const name = decodeURIComponent(source.split('/').slice(-2).join('/'));
      const play = h('button', {type: 'button', class: 'item', onclick: () => this.#next(this.#queue.splice(i, 1)[0])}, name);
      const remove = h('button', {type: 'button', class: 'key', onclick: () => { this.#queue.splice(i, 1); this.#panelQueue(); }}, icon('close'));
      const named = title => { play.textContent = title; remove.setAttribute('aria-label', this.#say.remove.replace('{}', title)); };
      named(name);
      if (!queue.closest('[id=options]').hidden) {
        fetch(source).then(r => r.json()).then(data => { if (string(data?.title)) named(data.title); }).catch(() => {});
      }
      return h('li', {}, play, remove);
    }));
  }

  /* Lock screen and media keys. */
  #session() {
    const session = navigator.mediaSession, a = this.#article;
    if (!session || typeof MediaMetadata !== 'function') return;
    /* The picture is fetched by the browser, so only one of this site is given. */
    const own = a.image && new URL(a.image).origin === location.origin;
    session.metadata = new MediaMetadata({title: a.title || document.title, artist: a.author || a.publisher, album: a.publisher,
      artwork: own ? [{src: a.image}] : []});
    const acts = {
      play: () => this.play(), pause: () => this.pause(), stop: () => this.pause(),
      seekbackward: d => this.skip(-(d.seekOffset || 15)), seekforward: d => this.skip(d.seekOffset || 15),
      seekto: d => this.seek(d.seekTime), previoustrack: () => this.paragraph(-1), nexttrack: () => this.paragraph(1),
    };
    for (const [name, act] of Object.entries(acts)) try { session.setActionHandler(name, act); } catch { /* not known to this browser */ }
  }
  #position() {
    const session = navigator.mediaSession;
    if (current !== this || !session?.setPositionState || !Number.isFinite(this.#audio.duration)) return;
    session.playbackState = this.paused ? 'paused' : 'playing';
    session.setPositionState({duration: this.duration, playbackRate: settings.rate, position: Math.min(this.#audio.currentTime, this.duration)});
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`narrate-${name}`, {detail, bubbles: true, composed: true}));
  }
}

/* What the highlight of a name holds, from now on. */
function lit(name, priority, ranges) {
  let highlight = CSS.highlights.get(name);
  if (!highlight) {
    highlight = new Highlight();
    highlight.priority = priority;
    CSS.highlights.set(name, highlight);
  }
  highlight.clear();
  for (const range of ranges) highlight.add(range);
}

customElements.define('narrate-player', NarratePlayer);
})();
