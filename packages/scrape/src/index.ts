// What Prometheus's configuration says

export type { ScrapeJob } from './config/job.ts';
export { type ScrapeDefaults, scrapeDefaults, scrapeGlobal, scrapeJobs } from './config/jobs.ts';
export { filePath } from './config/kinds.ts';
export { type PrometheusFile, parsePrometheusFile, readPrometheusFile } from './config/prometheus-file.ts';
// Scraping
export type { ActiveTarget, TargetsReport } from './scrape/targets-report.ts';
export { Scraper, type ScraperOptions } from './scraper.ts';
