# ingest: makes uploaded files searchable in Postgres. `make help` lists the targets.

V ?= debug
B := build/$(V)
CC ?= gcc
ifeq ($(V),fuzz)
CC := clang
endif
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0

# --- flags -------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
        -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wno-unused-parameter
CFLAGS_debug   := -Og -g -Werror
CFLAGS_release := -O2 -g -DNDEBUG=1
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                  -fno-omit-frame-pointer -DINGEST_ASAN=1
CFLAGS_cov     := -O0 -g --coverage -DINGEST_COV=1
# pointer-overflow: clang's counts NULL + 0, which empty parts have everywhere, as one
CFLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow \
                  -fno-sanitize-recover=undefined -fno-omit-frame-pointer -DINGEST_ASAN=1 \
                  -Wno-missing-field-initializers
LDFLAGS_asan   := -fsanitize=address,undefined
LDFLAGS_cov    := --coverage
LDFLAGS_fuzz   := -fsanitize=address,undefined
ifeq ($(CFLAGS_$(V)),)
$(error V must be debug, release, asan, cov or fuzz)
endif
HARDEN := -fstack-protector-strong -fPIE -fcf-protection
ifneq ($(filter debug release,$(V)),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(filter release,$(V)),2,1)
endif
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -DINGEST_VERSION='"$(VERSION)"' $(WARN) $(HARDEN) \
               -ffunction-sections \
               -I. -I$(B)/generated $(CFLAGS_$(V)) $(CFLAGS)
BASE_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections $(LDFLAGS_$(V)) $(LDFLAGS)

# OCR is optional at build and at run time: its libraries are loaded, not linked (image/ocr.c)
ifeq ($(shell $(PKG_CONFIG) --exists tesseract lept && echo yes),yes)
BASE_CFLAGS += -DINGEST_OCR='"$(shell $(PKG_CONFIG) --modversion tesseract)"'
endif

# pkg-config packages a folder may use; a program links those of its folders only, so that the
# worker cannot link libpq by accident.
PKG_chunker := glib-2.0 icu-uc icu-i18n json-c libcmark-gfm
PKG_extract := glib-2.0 gio-2.0 icu-uc icu-i18n json-c libcmark-gfm poppler-glib libxml-2.0 zlib \
               libmagic libseccomp libexttextcat libzip libarchive gmime-3.0
PKG_db      := glib-2.0 icu-uc json-c libpq
PKG_ingest  := glib-2.0 json-c libpq
# an independent writer of OLE2 files
PKG_tests   := libgsf-1
PKG_all     := $(PKG_chunker) $(PKG_extract) $(PKG_db) $(PKG_ingest) $(PKG_tests)
# no .pc file of their own
LIBS_chunker := -lcmark-gfm-extensions
LIBS_extract := -lcmark-gfm-extensions -lm

# --- sources -----------------------------------------------------------------------------------
# Each folder is all its .c files; main.c is the program's and is in no other.
SRC_chunker := $(filter-out chunker/main.c,$(wildcard chunker/*.c))
SRC_extract := $(filter-out ingest/extract/main.c,$(wildcard ingest/extract/*.c ingest/extract/*/*.c))
SRC_db      := $(filter-out db/main.c,$(wildcard db/*.c db/push/*.c db/codegen/*.c))
SRC_ingest  := $(filter-out ingest/main.c,$(wildcard ingest/*.c))
obj = $(patsubst %.c,$(B)/obj/%.o,$(1))

OBJ_chunker := $(call obj,$(SRC_chunker))
OBJ_extract := $(call obj,$(SRC_extract))
OBJ_db      := $(call obj,$(SRC_db))
OBJ_ingest  := $(call obj,$(SRC_ingest))
# the document model is all of chunker/ that the extractor uses
OBJ_document := $(call obj,chunker/document.c chunker/document-json.c chunker/markdown.c \
                 chunker/file-name.c chunker/members.c)
# the parent's side of the worker is all of ingest/extract/ that `ingest` uses
OBJ_client  := $(call obj,ingest/extract/client.c ingest/extract/client-process.c \
               ingest/extract/client-rescue.c ingest/extract/passwords.c \
               ingest/extract/launcher.c \
               ingest/extract/frame.c \
               ingest/extract/frame-read.c ingest/extract/limits.c ingest/extract/error.c \
               ingest/extract/utf8.c)

PROGRAMS := $(B)/ingest $(B)/ingest-extract $(B)/ingest-chunk $(B)/ingest-load

# .S: the SQL files inside the program
SQL_OBJ := $(B)/obj/db/embedded-sql.o

# the rank tables of the tokenizers: as data inside the programs that count (chunker/tables/)
TOKEN_TABLES := build/tokens/tables.bin
TOKEN_OBJ := $(B)/obj/chunker/token-data.o

.DEFAULT_GOAL := all
.PHONY: all
all: $(PROGRAMS)

# VERBOSE=1 shows the whole commands
Q := $(if $(VERBOSE),,@)
say = $(if $(VERBOSE),,@printf '  %-5s %s\n' $(1) $@)

link = $(Q)$(CC) $(BASE_LDFLAGS) -o $@ $(filter %.o,$^)
libs = $(shell $(PKG_CONFIG) --libs $(foreach folder,$(1),$(PKG_$(folder)))) $(foreach folder,$(1),$(LIBS_$(folder)))

$(B)/ingest-chunk: $(B)/obj/chunker/main.o $(OBJ_chunker) $(TOKEN_OBJ)
	$(call say,LINK)
	$(link) $(call libs,chunker)
$(B)/ingest-extract: $(B)/obj/ingest/extract/main.o $(OBJ_extract) $(OBJ_document)
	$(call say,LINK)
	$(link) $(NO_COLOURS) $(MALLOC) $(call libs,extract)
$(B)/ingest-load: $(B)/obj/db/main.o $(OBJ_db) $(SQL_OBJ) $(OBJ_chunker) $(TOKEN_OBJ)
	$(call say,LINK)
	$(link) $(call libs,db chunker)
$(B)/ingest: $(B)/obj/ingest/main.o $(OBJ_ingest) $(OBJ_db) $(SQL_OBJ) $(OBJ_chunker) $(TOKEN_OBJ) $(OBJ_client)
	$(call say,LINK)
	$(link) $(call libs,ingest db chunker)

# what ingest/extract/pdf/no-colours.c is for
NO_COLOURS := -Wl,--export-dynamic-symbol=cmsOpenProfileFromMem

# a faster allocator for poppler; the sanitizers bring their own
ifneq ($(filter debug release cov,$(V)),)
MALLOC := -Wl,--no-as-needed -lmimalloc -Wl,--as-needed
endif

# --- objects -----------------------------------------------------------------------------------
# $(1) the name in PKG_, $(2) the folder, $(3) the log domain
define FOLDER_RULE
FLAGS_$(1) = -DG_LOG_DOMAIN='"$(3)"' $$(shell $$(PKG_CONFIG) --cflags $$(PKG_$(1)))
$(B)/obj/$(2)/%.o: $(2)/%.c Makefile
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$$(CC) $$(BASE_CFLAGS) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
endef
$(eval $(call FOLDER_RULE,extract,ingest/extract,ingest-extract))
$(eval $(call FOLDER_RULE,chunker,chunker,ingest-chunk))
$(eval $(call FOLDER_RULE,db,db,ingest-db))
$(eval $(call FOLDER_RULE,ingest,ingest,ingest))
$(eval $(call FOLDER_RULE,all,tests,ingest-test))

$(SQL_OBJ): db/embedded-sql.S db/schema.sql db/auth-stand-in.sql db/push/catalog.sql \
            db/push/reprint.sql db/codegen/codegen.sql db/codegen/codegen-helpers.ts
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(CC) -c -o $@ $<

$(TOKEN_OBJ): chunker/token-data.S $(TOKEN_TABLES)
	@mkdir -p $(@D)
	$(call say,AS)
	$(Q)$(CC) -Wa,-I,$(dir $(TOKEN_TABLES)) -c -o $@ $<

# Tables that could not be made are an empty file: tried again by `make tokens`, and by itself once npm
# has come.
ifeq ($(shell test -s $(TOKEN_TABLES) || ! command -v npm >/dev/null || test -e $(TOKEN_TABLES).tried || echo again),again)
.PHONY: $(TOKEN_TABLES)
endif
TABLE_SRC := chunker/tables/generate.c chunker/bpe-table.c
$(TOKEN_TABLES): chunker/tables/make.sh chunker/tables/package chunker/tables/classes.h \
                 chunker/bpe-table.h $(TABLE_SRC)
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -std=c11 -D_GNU_SOURCE $(WARN) -I. $(shell $(PKG_CONFIG) --cflags glib-2.0) \
	  -o $(@D)/generate $(TABLE_SRC) $(shell $(PKG_CONFIG) --libs glib-2.0)
	@chunker/tables/make.sh $(@D)

.PHONY: tokens
tokens:
	@rm -f $(TOKEN_TABLES).tried
	@test -s $(TOKEN_TABLES) || rm -f $(TOKEN_TABLES)
	@$(MAKE) -s --no-print-directory V=$(V) all

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- tests -------------------------------------------------------------------------------------
# each tests/test-*.c is a program of its own over all objects but the mains
TEST_PROGRAMS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/test-*.c)) \
                 $(B)/tests/misbehaving-worker $(B)/tests/write-rows $(B)/tests/token-ids $(B)/tests/read-files
OBJ_all := $(sort $(OBJ_ingest) $(OBJ_db) $(SQL_OBJ) $(OBJ_chunker) $(TOKEN_OBJ) $(OBJ_extract))
$(B)/tests/%: $(B)/obj/tests/%.o $(OBJ_all)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(link) $(call libs,extract chunker db ingest tests)
# each tests/fuzz/fuzz-*.c over the extractor: here a program that runs its seeds, with V=fuzz one of
# libFuzzer's
FUZZ_SRC := $(wildcard tests/fuzz/fuzz-*.c)
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(B)/tests/%,$(FUZZ_SRC))
FUZZ_MAIN := $(if $(filter fuzz,$(V)),,$(B)/obj/tests/fuzz/run-seeds.o)
$(FUZZ_PROGRAMS): $(B)/tests/fuzz-%: $(B)/obj/tests/fuzz/fuzz-%.o $(FUZZ_MAIN) $(OBJ_extract) $(OBJ_document)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(link) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) $(call libs,extract)

# what benchmarks measure from within
$(eval $(call FOLDER_RULE,all,bench,ingest-bench))
$(B)/chunk-speed: $(B)/obj/bench/chunk-speed.o $(OBJ_chunker) $(TOKEN_OBJ)
	$(call say,LINK)
	$(link) $(call libs,chunker)
$(B)/extract-inside: $(B)/obj/bench/extract-inside.o $(OBJ_extract) $(OBJ_document)
	$(call say,LINK)
	$(link) $(NO_COLOURS) $(MALLOC) $(call libs,extract)

.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

# FUZZ_SECONDS=60 for each harness, FUZZ=name for one
fuzz: packages-check
	@$(MAKE) -s --no-print-directory -j2 V=fuzz fuzz-programs
	@tests/fuzz/run.sh build/fuzz $(or $(FUZZ_SECONDS),60) $(FUZZ)

.SECONDARY: $(patsubst tests/fuzz/%.c,$(B)/obj/tests/fuzz/%.o,$(FUZZ_SRC)) $(patsubst tests/%.c,$(B)/obj/tests/%.o,$(wildcard tests/*.c))

.PHONY: programs-for-check check check-full lint coverage fixtures-accept readme-formats bench-db
programs-for-check: all $(TEST_PROGRAMS) $(FUZZ_PROGRAMS)

check: packages-check
	@$(MAKE) -s --no-print-directory -j2 V=$(V) programs-for-check
	@tests/run.sh $(B) quick

check-full: packages-check
	@$(MAKE) -s --no-print-directory -j2 V=$(V) programs-for-check
	@tests/run.sh $(B) full
	@$(MAKE) -s --no-print-directory -j2 V=asan programs-for-check
	@tests/run.sh build/asan full
	@$(MAKE) -s --no-print-directory lint

lint: packages-check
	clang-format --dry-run -Werror $(LINT_FILES) ingest/*.h ingest/extract/*.h ingest/extract/*/*.h chunker/*.h db/*.h db/*/*.h
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -I. --library=gtk \
	  --enable=warning,performance,portability --suppress=missingInclude --suppress=varFuncNullUB \
	  --suppress=assertWithSideEffect -j2 $(LINT_FILES)
	clang-tidy --quiet --warnings-as-errors='*' $(LINT_FILES) -- -std=c11 -D_GNU_SOURCE \
	  -DINGEST_VERSION='"$(VERSION)"' -DG_LOG_DOMAIN='"lint"' -I. $(shell $(PKG_CONFIG) --cflags $(PKG_all))
	shellcheck -x -e SC2001 tests/*.sh tests/fuzz/*.sh fixtures/*.sh bench/*.sh db/generated/*.sh chunker/tables/*.sh .ci/run \
	  .ci/packages
LINT_FILES := $(wildcard ingest/*.c ingest/extract/*.c ingest/extract/*/*.c chunker/*.c chunker/tables/*.c db/*.c db/*/*.c tests/*.c tests/fuzz/*.c bench/*.c)

# the report: build/cov/coverage/index.html
coverage: packages-check
	@$(MAKE) -s --no-print-directory V=cov check
	lcov --quiet --capture --directory build/cov --output-file build/cov/coverage.info --no-external \
	  --base-directory . --exclude '*/tests/*'
	genhtml --quiet --output-directory build/cov/coverage build/cov/coverage.info
	lcov --summary build/cov/coverage.info

# what loading and an unchanged push cost; minutes
bench-db:
	@$(MAKE) -s --no-print-directory -j2 V=release all
	bench/push.sh build/release
	bench/copy.py --build build/release

# writes what the extractor says now beside each fixture; review the diff
fixtures-accept: all
	@tests/fixtures.sh accept $(B)

# writes the table of formats into README.md
readme-formats: all
	@tests/formats.sh accept $(B)

# --- what a person types -----------------------------------------------------------------------
.PHONY: demo demo-clean packages packages-check install clean help db-push db-status db-deploy db-drop \
        db-codegen
demo: packages
	@$(MAKE) -s --no-print-directory -j2 V=release all
	@fixtures/demo.sh build/release $(if $(FILE),"$(FILE)" "$(FOLDER)")

demo-clean:
	@if [ -x build/release/ingest ]; then build/release/ingest db remove --local --yes; fi
	rm -rf build

packages:
	@.ci/packages build
packages-check:
	@.ci/packages check

db-push: all
	$(B)/ingest db push
db-status: all
	$(B)/ingest db status
db-deploy: all
	$(B)/ingest db deploy
db-drop: all
	$(B)/ingest db drop
# rewrites db/generated/ from a cluster of its own, whatever databases there are
db-codegen: all
	@db/generated/codegen.sh $(B)/ingest

PREFIX ?= /usr/local
install:
	@$(MAKE) -s --no-print-directory V=release all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 build/release/ingest build/release/ingest-extract build/release/ingest-chunk \
	  build/release/ingest-load $(DESTDIR)$(PREFIX)/bin
	install -m 644 ingest.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/ingest/edge/ingest-webhook
	install -m 644 db/edge/README.md $(DESTDIR)$(PREFIX)/share/ingest/edge
	install -m 644 db/edge/ingest-webhook/index.ts $(DESTDIR)$(PREFIX)/share/ingest/edge/ingest-webhook

clean:
	rm -rf build

help:
	@echo 'make demo         install what is needed, build, load the fixtures, search in them'
	@echo 'make demo FILE=/path/any.pdf FOLDER=Reports     the same with your own file'
	@echo 'make demo-clean   remove the private database and the build'
	@echo 'make check        install what the tests need and pass them (at most 10 minutes)'
	@echo 'make check-full   all tests, also under the sanitizers, and lint'
	@echo 'make fuzz         each parser for FUZZ_SECONDS=60 under libFuzzer; FUZZ=name for one'
	@echo 'make lint | coverage | bench-db | fixtures-accept | readme-formats | install | clean'
	@echo 'make tokens       fetch the rank tables of exact tokenizers again, after it failed once'
	@echo 'make db-push | db-status | db-deploy | db-drop | db-codegen'
	@echo 'V=debug (default) | release | asan | cov   into build/$$V'
