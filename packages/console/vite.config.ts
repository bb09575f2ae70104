import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the development server finds the query APIs: a running Maru, or `npm run play`. */
const apiOrigin = process.env.MARU_CONSOLE_API ?? 'http://localhost:3000';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': apiOrigin, '/loki': apiOrigin } },
  build: {
    target: 'es2022',
    // Inlined assets would be data: URLs, which `default-src 'self'` forbids.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in older setups; every browser with es2022 preloads modules itself.
    modulePreload: { polyfill: false },
  },
});
