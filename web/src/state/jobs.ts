import { get, type JobSummary } from '../api/client';
import { useResource, type Resource } from './resource';

/** All jobs, newest first, for as long as a component shows them. */
export function useJobs(): Resource<readonly JobSummary[]> {
  return useResource(
    'jobs',
    async (abort) => (await get<{ jobs: JobSummary[] }>('/api/v1/jobs', {}, abort)).jobs,
    () => true,
  );
}
