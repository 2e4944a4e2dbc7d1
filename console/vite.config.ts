import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The pages of the emulator's console: static files that the program serves at `/_emulator/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [preact()],
  build: { outDir: '../dist/console', emptyOutDir: true, modulePreload: { polyfill: false } },
});
