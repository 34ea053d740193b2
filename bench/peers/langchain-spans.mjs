// langchain-spans.mjs SIZE FILE: the spans, in code points, of what LangChain's recursive splitter makes
// of a file: characters, no overlap. One JSON list of [start, end].
import fs from 'node:fs';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';

const [size, file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
const splitter = new RecursiveCharacterTextSplitter({ chunkSize: Number(size), chunkOverlap: 0 });
const spans = [];
let unit = 0, point = 0;
const advance = (to) => { point += [...text.slice(unit, to)].length; unit = to; return point; };
for (const chunk of await splitter.splitText(text)) {
  const at = text.indexOf(chunk, unit);
  if (at < 0) throw new Error('a chunk that is not in the text');
  spans.push([advance(at), advance(at + chunk.length)]);
}
console.log(JSON.stringify(spans));
