// langchain-speed.mjs characters|tokens FILE [DOCUMENT_KB]: MB a second of processor time of LangChain's
// recursive splitter over documents of so many kB (100): 1000 characters, or 512 tokens by tiktoken (WASM).
import fs from 'node:fs';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import { get_encoding } from 'tiktoken';

const [what, file, kb] = process.argv.slice(2);
const size = Number(kb ?? 100) * 1000;
const bytes = fs.readFileSync(file);
const documents = [];
for (let at = 0; at < bytes.length;) {
  let end = Math.min(bytes.length, at + size);
  const line = bytes.indexOf(10, end);
  end = line < 0 ? bytes.length : line + 1;
  documents.push(bytes.toString('utf8', at, end));
  at = end;
}
const encoding = get_encoding('cl100k_base');
const splitter = new RecursiveCharacterTextSplitter(what === 'tokens'
  ? { chunkSize: 512, chunkOverlap: 0, lengthFunction: (text) => encoding.encode_ordinary(text).length }
  : { chunkSize: 1140, chunkOverlap: 0 });
await splitter.splitText(documents[0]);
const start = process.cpuUsage();
let rounds = 0, spent;
do {
  for (const document of documents) await splitter.splitText(document);
  rounds++;
  const used = process.cpuUsage(start);
  spent = (used.user + used.system) / 1e6;
} while (spent < 1);
console.log((bytes.length * rounds / spent / 1e6).toFixed(2));
