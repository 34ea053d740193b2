// tokens.mjs MODULES TOOL ENCODING FILE BYTES: processor time of counting FILE in texts of so many bytes;
// prints megabytes a second and the sum of the counts, as tests/token-ids.c does.
import fs from 'fs';
import { createRequire } from 'module';

const [, , modules, tool, encoding, file, bytes] = process.argv;
const require = createRequire(modules + '/');
const tools = {
  tiktoken: () => {
    const counter = require('tiktoken').get_encoding(encoding);
    return (text) => counter.encode_ordinary(text).length;
  },
  anysphere: () => {
    const counter = require('@anysphere/tiktoken-node').getTokenizer();
    return (text) => counter.exactNumTokensNoSpecialTokens(text, encoding === 'cl100k_base' ? 0 : 2);
  },
};
const data = fs.readFileSync(file);
const texts = [];
for (let at = 0, end; at < data.length; at = end) {
  end = Math.min(at + Number(bytes), data.length);
  while (end < data.length && (data[end] & 0xc0) === 0x80) end++;
  texts.push(data.toString('utf8', at, end));
}
const count = tools[tool]();
await count('warm up');
let tokens = 0;
const began = process.cpuUsage();
for (const text of texts) tokens += await count(text);
const used = process.cpuUsage(began);
console.log((data.length / (used.user + used.system)).toFixed(2), tokens);
