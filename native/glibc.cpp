// Linux only. Defines the symbols that a libstdc++ built for a newer glibc needs but an older glibc lacks
// (scripts/glibc.mjs).
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdint>

// The first fields of dl_find_object in glibc's <dlfcn.h> on 64-bit machines; reserved fields follow them. Headers
// before glibc 2.35 do not declare this type.
struct FoundObject {
    unsigned long long flags;
    void *map_start, *map_end;
    link_map *link;
    void *eh_frame;
    void *eh_dbase; // only on arm64; reserved on x64
};

#if defined(DLFO_STRUCT_HAS_EH_DBASE)
// find_object writes a FoundObject into the caller's dl_find_object, so it must fit.
static_assert(sizeof(FoundObject) <= sizeof(dl_find_object));
#endif

namespace {

struct Search {
    uintptr_t address;
    FoundObject *found;
};

// Examines one loaded object. Returning 1 ends the search.
int look_in(dl_phdr_info *info, size_t, void *data) {
    const Search &search = *static_cast<Search *>(data);
    const ElfW(Phdr) *frames = nullptr, *around = nullptr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) &header = info->dlpi_phdr[i];
        const uintptr_t start = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_GNU_EH_FRAME) frames = &header;
        if (header.p_type == PT_LOAD && search.address >= start && search.address - start < header.p_memsz) around = &header;
    }
    if (frames == nullptr || around == nullptr) return 0;
    const auto at = [info](uintptr_t address) { return reinterpret_cast<void *>(info->dlpi_addr + address); };
    search.found->map_start = at(around->p_vaddr);
    search.found->map_end = at(around->p_vaddr + around->p_memsz);
    search.found->eh_frame = at(frames->p_vaddr);
    return 1;
}

} // namespace

// Declared with their linker names, because newer headers have conflicting declarations.
extern char single_threaded __asm__("__libc_single_threaded");
extern int find_object(void *address, FoundObject *found) __asm__("_dl_find_object");
extern uint32_t random_number() __asm__("arc4random");

// Part of glibc since 2.32. Zero means that the process may have several threads; libstdc++ then uses atomic
// operations.
char single_threaded = 0;

// Part of glibc since 2.35. The unwinder uses it to find the loaded object that contains an address. @returns 0 if
// there is one.
int find_object(void *address, FoundObject *found) {
    *found = {};
    Search search = {reinterpret_cast<uintptr_t>(address), found};
    return dl_iterate_phdr(look_in, &search) == 1 ? 0 : -1;
}

// Part of glibc since 2.36. libstdc++ refers to it, although the engine uses no random numbers.
uint32_t random_number() {
    uint32_t value = 0;
    while (getentropy(&value, sizeof value) != 0) continue;
    return value;
}
