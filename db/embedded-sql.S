/* The SQL files and others, word for word, as read-only data of the program: what is pushed is what was built. */
	.section .rodata
	.macro embed name, file
	.global \name
	.hidden \name
\name:
	.incbin "\file"
	.byte 0
	.endm

	embed db_schema_sql, "db/schema.sql"
	embed db_auth_stand_in_sql, "db/auth-stand-in.sql"
	embed db_catalog_sql, "db/push/catalog.sql"
	embed db_reprint_sql, "db/push/reprint.sql"
	embed db_codegen_sql, "db/codegen/codegen.sql"
	embed db_codegen_helpers_ts, "db/codegen/codegen-helpers.ts"

	.section .note.GNU-stack,"",@progbits
