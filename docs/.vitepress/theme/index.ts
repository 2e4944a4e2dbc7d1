import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';

import './style.css';

/** VitePress's own, with what a screen reader misses there. */
const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ router }) {
    if (typeof document === 'undefined') return; // while pages are built
    // The page that begins the manual has no landmark for its contents.
    router.onAfterPageLoad = () => {
      requestAnimationFrame(() => document.querySelector('.VPHome')?.setAttribute('role', 'main'));
    };
  },
};

export default theme;
