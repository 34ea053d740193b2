// An app's own schema.ts for drizzle-kit, beside the generated one, which has our tables.
import { pgTable, text, uuid } from "drizzle-orm/pg-core"
import { documents } from "./schema.js"

export { authenticated, usageEvents } from "./schema.js"

export const notes = pgTable("notes", {
  id: uuid().primaryKey().defaultRandom(),
  documentUser: uuid().notNull(),
  documentId: uuid().references(() => documents.id, { onDelete: "cascade" }),
  body: text().notNull(),
}).enableRLS()
