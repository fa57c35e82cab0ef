import { useJob } from '../state/job';
import { Empty } from '../parts/Calm';

export default function Charts() {
  return <Empty title={useJob().name} />;
}
