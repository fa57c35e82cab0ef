import { useJob } from '../state/job';
import { Empty } from '../parts/Calm';

export default function Trials() {
  return <Empty title={useJob().name} />;
}
