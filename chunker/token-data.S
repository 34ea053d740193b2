/* The rank tables as read-only data, aligned for the program to use them where they lie; empty where
 * they could not be made (chunker/tables/make.sh). In a section of its own, which is left out of a
 * program that does not count exactly. */
	.section .rodata.token_data,"a"
	.balign 64
	.global token_data
	.hidden token_data
token_data:
	.incbin "tables.bin"
	.global token_data_end
	.hidden token_data_end
token_data_end:
	.byte 0

	.section .note.GNU-stack,"",@progbits
