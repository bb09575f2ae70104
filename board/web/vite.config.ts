import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // A small team's source maps help more than they give away; browser errors carry readable frames.
    sourcemap: true,
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:5000',
      '/otlp': { target: 'http://127.0.0.1:4318', rewrite: (path) => path.replace(/^\/otlp/, '') },
    },
  },
});

export default config;
