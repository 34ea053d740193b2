import { defineConfig } from "drizzle-kit"

export default defineConfig({
  dialect: "postgresql",
  schema: process.env.SCHEMA!,
  tablesFilter: process.env.FILTER ? process.env.FILTER.split(" ") : [],
  dbCredentials: { host: process.env.SOCKET!, user: "postgres", database: "postgres", ssl: false },
})
