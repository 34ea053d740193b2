// compare.js PROGRAM ENCODING MEGABYTES STRINGS FILE...: token ids of PROGRAM (tests/token-ids.c) against
// tiktoken's, on every character of Unicode between others, so many random strings, FILEs, and generated
// text up to so many megabytes. Prints what was compared; the first difference ends it.
'use strict';
const fs = require('fs');
const { spawnSync } = require('child_process');
const [, , program, encodingName, megabytes, strings, ...files] = process.argv;
const tiktoken = require('tiktoken').get_encoding(encodingName);

let seed = 20240607;
const random = (n) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * n);
};
const pick = (list) => list[random(list.length)];

let compared = 0;
const compare = (what, texts) => {
  const parts = [];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
    compared += bytes.length;
  }
  const ours = spawnSync(program, [encodingName], { input: Buffer.concat(parts), maxBuffer: 1 << 30 });
  if (ours.status !== 0) throw new Error(`${program}: ${ours.stderr}`);
  let at = 0;
  for (const text of texts) {
    const wanted = tiktoken.encode_ordinary(text);
    const n = ours.stdout.readUInt32LE(at);
    let same = n === wanted.length;
    for (let i = 0; same && i < n; i++) same = ours.stdout.readUInt32LE(at + 4 + 4 * i) === wanted[i];
    if (!same) {
      const ids = Array.from({ length: n }, (_, i) => ours.stdout.readUInt32LE(at + 4 + 4 * i));
      const first = ids.findIndex((id, i) => id !== wanted[i]);
      console.error(`${what}: token ${first}: ${ids.slice(first, first + 8)} for ${wanted.slice(first, first + 8)}`);
      console.error(JSON.stringify(text.length > 300 ? text.slice(0, 300) : text));
      process.exit(1);
    }
    at += 4 + 4 * n;
  }
};

// every character, among letters of both cases, behind a space and an apostrophe, before a digit
const characters = () => {
  const texts = [];
  for (let first = 0; first < 0x110000; first += 128) {
    if (first >= 0xd800 && first < 0xe000) continue;
    if (Number(megabytes) < 10 && first >= 0x32000) break;
    let text = '';
    for (let code = first; code < first + 128; code++) {
      const c = String.fromCodePoint(code);
      text += `A${c}B${c}b '${c}1\n`;
    }
    texts.push(text);
  }
  return texts;
};

const parts = [' ', '  ', '   ', '\t', '\n', '\r\n', '\r', '\v', '\u00a0', '\u3000', '\u0085', '\u2028', "'", "'s",
  "'LL", "'re", "'Ve", "'\u017f", "'d", "'M", 'a', 'the', 'ing', 'Z', 'ABC', 'Hello', 'McDonald', '\u00aa', '\u02b0',
  '\u01c5', '\u00e9', '\u00c9', '\u0436', '\u0416', '\u0301', '\u093f', '\u4e2d', '\u6587\u5b57', '\u3042', '\ud55c',
  '\u0e01', '\u0639', '\u{1f600}', '\u200d', '\u{1f1e9}', '\ufe0f', '0', '12', '3456', '\u0663', '\u2167', '\u00bd',
  '!', '/', '//', '.', '...', '{', '();', '_', '-', '<|endoftext|>', '<|fim_prefix|>', '<|endofprompt|>', '\ufffd',
  '\0', '\u180e', '\u200b', '\ufeff'];
const randomString = () => {
  let text = '';
  for (let n = 1 + random(16); n > 0; n--) {
    const kind = random(10);
    if (kind === 0) {
      const code = random(3) === 0 ? random(0x110000) : random(0x3000);
      text += code >= 0xd800 && code < 0xe000 ? '?' : String.fromCodePoint(code);
    } else if (kind === 1) text += String.fromCharCode(32 + random(95));
    else if (kind === 2) text += pick(parts).repeat(1 + random(12));
    else if (kind === 3) {
      // bytes made text as UTF-8 decoders do
      text += Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256))).toString();
    } else text += pick(parts);
  }
  return text;
};

// text like the languages', of characters of their blocks
const scripts = [[0x61, 26], [0x41, 26], [0xdf, 32], [0x100, 128], [0x391, 57], [0x410, 64], [0x531, 38], [0x5d0, 27],
  [0x621, 42], [0x904, 54], [0x985, 46], [0xa05, 46], [0xa85, 46], [0xb85, 46], [0xc05, 52], [0xe01, 58], [0x10d0, 43],
  [0x1200, 300], [0x1780, 60], [0x3041, 86], [0x30a1, 90], [0x4e00, 3000], [0xac00, 2000], [0x1f600, 80]];
const words = (length) => {
  let text = '';
  while (text.length < length) {
    const [first, n] = pick(scripts);
    for (let word = 5 + random(40); word > 0; word--) {
      for (let i = 1 + random(9); i > 0; i--) text += String.fromCodePoint(first + random(n));
      text += pick([' ', ' ', ' ', ', ', '. ', '\n', '\u3002', '-', "'s ", '  ']);
    }
  }
  return text;
};
const code = (length) => {
  const names = ['count', 'Buffer', 'i', 'x1', 'getElementById', 'MAX_SIZE', 'this', 'std::vector', 'self', '$value', 'HTTPServer'];
  let text = '', depth = 0;
  while (text.length < length) {
    text += ' '.repeat(depth * pick([2, 4])) + pick(['if (', 'return ', 'const ', '// ', 'for (', '\t', '"']) + pick(names) +
      pick([' = ', ' == ', '->', '.', '(', '[', ' += ']) + pick(names) + pick([';', ') {', '];', '();', '", ', ' */']) +
      random(100000) + pick(['\n', '\n\n', '\r\n', '  \n']);
    depth = Math.max(0, Math.min(8, depth + random(3) - 1));
  }
  return text;
};

compare('every character', characters());
for (let left = Number(strings); left > 0; left -= 50000)
  compare('random strings', Array.from({ length: Math.min(left, 50000) }, randomString));
// in parts: tiktoken's time is quadratic in the length of a word, and files have words of a megabyte
for (const file of files) compare(file, fs.readFileSync(file).toString().match(/[^]{1,4000}/gu) ?? []);
while (compared < Number(megabytes) * 1e6)
  compare('generated text', Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? code : words)(20000)));
console.log(`${strings} strings, ${files.length} files, ${(compared / 1e6).toFixed(1)} MB`);
