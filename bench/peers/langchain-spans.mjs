// langchain-spans.mjs FILE SIZE...: the spans, in code points, of what LangChain's recursive splitter makes of
// a file with each chunk size: characters, no overlap. One JSON list of lists of [start, end].
import fs from 'node:fs';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';

const [file, ...sizes] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
const points = new Uint32Array(text.length + 1); // code points before each unit
for (let i = 0, n = 0; i < text.length; i++) {
  if (text.charCodeAt(i) < 0xdc00 || text.charCodeAt(i) > 0xdfff) n++;
  points[i + 1] = n;
}
const all = [];
for (const size of sizes) {
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: Number(size), chunkOverlap: 0 });
  let unit = 0;
  all.push((await splitter.splitText(text)).map((chunk) => {
    const at = text.indexOf(chunk, unit);
    if (at < 0) throw new Error('a chunk that is not in the text');
    unit = at + chunk.length;
    return [points[at], points[unit]];
  }));
}
console.log(JSON.stringify(all));
