import { OnTheCommandLine } from '../parts/OnTheCommandLine';

export default function NewJob() {
  return <OnTheCommandLine command="dowse init && dowse run" />;
}
