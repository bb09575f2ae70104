import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles.css';
import { startTelemetry } from './telemetry/start.ts';

startTelemetry();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
