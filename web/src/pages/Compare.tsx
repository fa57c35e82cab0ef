import { OnTheCommandLine } from '../parts/OnTheCommandLine';
import { query } from '../state/router';

/** `?t=job:1,job:2` names what is compared. */
export default function Compare() {
  const jobs = new Set((query.value.get('t') ?? '').split(',').map((one) => one.split(':')[0]).filter(Boolean));
  return <OnTheCommandLine command={`dowse jobs compare ${[...jobs].join(' ') || 'JOB JOB'}`} />;
}
