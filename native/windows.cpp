// Windows only. The functions of Node-API are in the program that loads the addon, whatever it is called: node.exe,
// Code.exe. They are linked as if they were in "node.exe", loaded late; this says that it is loaded.
#include <windows.h>

#include <delayimp.h>

namespace {

FARPROC WINAPI find_host(unsigned event, DelayLoadInfo *info) {
    if (event != dliNotePreLoadLibrary || lstrcmpiA(info->szDll, "node.exe") != 0) return nullptr;
    return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

} // namespace

extern "C" {
extern PfnDliHook __pfnDliNotifyHook2;
PfnDliHook __pfnDliNotifyHook2 = find_host;
}
